/* Stands between a process and one file on the disk: lets a chosen write or sync fail, and records all of them.

   Loaded by LD_PRELOAD.  DISK_FILE names the file.  DISK_CONTROL is mapped: it counts the operations and says
   which of them fails.  DISK_LOG, if set, gets every operation with its bytes, and what a process marks in it.

   A log also tells when a file is renamed to the same name with "-checkpoint" behind it, with what is in it then, and
   when the folder of both is synchronized.

   A write through a descriptor with O_DSYNC that fails has reached the page cache, as on a real disk. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
    int64_t count;   /* operations so far */
    int64_t fail_at; /* this one fails; 0: none */
    int64_t number;  /* of the error */
    int64_t last;    /* the last one that fails; 0: only the first */
};

static struct control *control;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);
static int (*real_rename)(const char *, const char *);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_write = dlsym(RTLD_NEXT, "write");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_rename = dlsym(RTLD_NEXT, "rename");
    const char *path = getenv("DISK_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *at = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        control = at == MAP_FAILED ? NULL : at;
        close(fd);
    }
    path = getenv("DISK_LOG");
    if (path)
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ours(int fd) {
    const char *path = getenv("DISK_FILE");
    struct stat named, held;
    return control && path && !fstat(fd, &held) && S_ISREG(held.st_mode) && !stat(path, &named)
        && named.st_ino == held.st_ino && named.st_dev == held.st_dev;
}

static int fails(void) {
    int64_t now = ++control->count;
    int64_t last = control->last ? control->last : control->fail_at;
    return control->fail_at && now >= control->fail_at && now <= last;
}

static void note(char kind, int64_t at, const void *bytes, int64_t size) {
    if (log_fd < 0)
        return;
    char head[17];
    head[0] = kind;
    memcpy(head + 1, &at, 8);
    memcpy(head + 9, &size, 8);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, size}};
    if (real_writev(log_fd, parts, 2) != (ssize_t)(sizeof head + size))
        abort();
}

/* For the process that is watched: something happened here, between the operations. */
void disk_mark(const char *text) {
    pthread_mutex_lock(&lock);
    note('!', 0, text, strlen(text));
    pthread_mutex_unlock(&lock);
}

static ssize_t written(int fd, const void *bytes, size_t size, off_t at) {
    int direct = fcntl(fd, F_GETFL) & O_DSYNC;
    pthread_mutex_lock(&lock);
    int failing = fails();
    if (failing && !direct) {
        pthread_mutex_unlock(&lock);
        errno = control->number;
        return -1;
    }
    ssize_t done = real_pwrite(fd, bytes, size, at);
    if (done > 0)
        note(direct ? 'd' : 'w', at, bytes, done);
    pthread_mutex_unlock(&lock);
    if (failing) {
        errno = control->number;
        return -1;
    }
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    return ours(fd) ? written(fd, bytes, size, at) : real_pwrite(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) {
    return pwrite(fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (!ours(fd))
        return real_write(fd, bytes, size);
    ssize_t done = written(fd, bytes, size, lseek(fd, 0, SEEK_CUR));
    if (done > 0)
        lseek(fd, done, SEEK_CUR);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!ours(fd))
        return real_writev(fd, parts, count);
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    char *whole = malloc(size), *to = whole;
    for (int i = 0; i < count; i++) {
        memcpy(to, parts[i].iov_base, parts[i].iov_len);
        to += parts[i].iov_len;
    }
    ssize_t done = write(fd, whole, size);
    int why = errno;
    free(whole);
    errno = why;
    return done;
}

static int synced(int fd, int (*real)(int)) {
    if (!ours(fd))
        return real(fd);
    pthread_mutex_lock(&lock);
    int failing = fails();
    int done = failing ? -1 : real(fd);
    if (!done)
        note('s', 0, "", 0);
    pthread_mutex_unlock(&lock);
    if (failing)
        errno = control->number;
    return done;
}

static int holds_ours(int fd) {
    char folder[4096];
    const char *path = getenv("DISK_FILE");
    struct stat named, held;
    if (!control || !path || fstat(fd, &held) || !S_ISDIR(held.st_mode))
        return 0;
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return !stat(folder, &named) && named.st_ino == held.st_ino;
}

int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int fsync(int fd) {
    if (!holds_ours(fd))
        return synced(fd, real_fsync);
    pthread_mutex_lock(&lock);
    int done = real_fsync(fd);
    note('f', 0, "", 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *from, const char *to) {
    const char *path = getenv("DISK_FILE");
    char kept[65536];
    if (!control || !path || strncmp(to, path, strlen(path)) || strcmp(to + strlen(path), "-checkpoint"))
        return real_rename(from, to);
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    ssize_t size = read(fd, kept, sizeof kept);
    close(fd);
    pthread_mutex_lock(&lock);
    int done = real_rename(from, to);
    note('c', 0, kept, size);
    pthread_mutex_unlock(&lock);
    return done;
}

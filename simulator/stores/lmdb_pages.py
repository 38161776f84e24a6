"""Whether the pages of an LMDB file hang together, read without the engine.

The engine keeps no checksums and believes what a page says of itself: one changed bit may lead it out of
the file, and the process with it.  So a file is looked over before the engine trusts it.  Values are not
judged here, nor pages that are free.
"""

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from struct import Struct, error

HEADER = Struct("<QHHHH")  # number, unused, flags, where the offsets end, where the nodes begin
RUN = Struct("<I")  # of an overflow page: how many pages belong to it; at the place of the last two above
META = Struct("<II")
TREE = Struct("<IHHQQQQQ")  # page size, flags, depth, three counts of pages, entries, root
NODE = Struct("<HHHH")  # low and high half of the data's size or of a page's number; flags; the key's size
LONG = Struct("<Q")
MAGIC, FORMAT = 0xBEEFC0DE, 1
BRANCH, LEAF, OVERFLOW, META_PAGE = 1, 2, 4, 8
BIG_DATA = 1
INTEGER_KEYS = 8
EMPTY = 2**64 - 1
SMALLEST_PAGE, LARGEST_PAGE, LARGEST_KEY = 512, 65536, 511
_TREES_AT, _LAST_AT = 24, 120
"""Where a meta page, behind its header, says what its trees are, and which page is the last one."""


class Broken(Exception):
    """The file does not hang together; the message says where."""


def check(path: Path) -> None:
    """Raise Broken if a page that the engine will read is not what it must be."""
    content = path.read_bytes()
    try:
        _File(content).check()
    except (error, OverflowError):
        raise Broken("a page reaches beyond the end of the file") from None


class _File:
    """The newest state of a file, as its metas tell it."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = TREE.unpack_from(content, HEADER.size + _TREES_AT)[0]
        if not SMALLEST_PAGE <= self._size <= LARGEST_PAGE or self._size & (self._size - 1):
            raise Broken(f"page 0 says that pages have {self._size} bytes")
        metas = [self._meta(number) for number in (0, 1)]
        self._newest = max(metas, key=lambda meta: meta[0])
        self._last = self._newest[1]
        if (self._last + 1) * self._size > len(content):
            raise Broken(f"the file ends before its last page, {self._last}")
        self._seen: set[int] = set()

    def check(self) -> None:
        """Walk both trees: that of the free pages and that of the records."""
        free, main = self._newest[2:]
        freed: list[int] = []
        for value in self._walk(free):
            freed += self._numbers(value)
        for _ in self._walk(main):
            pass
        for page in freed:
            if page in self._seen or not 2 <= page <= self._last:
                raise Broken(f"page {page} is in use and among the free ones")
            self._seen.add(page)

    def _meta(self, number: int) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        at = number * self._size + HEADER.size
        if self._header(number)[2] != META_PAGE or META.unpack_from(self._content, at) != (MAGIC, FORMAT):
            raise Broken(f"page {number} is no beginning of a store")
        trees = [TREE.unpack_from(self._content, at + _TREES_AT + n * TREE.size) for n in (0, 1)]
        last, transaction = (LONG.unpack_from(self._content, at + _LAST_AT + n * 8)[0] for n in (0, 1))
        if trees[0][0] != self._size:
            raise Broken(f"page {number} says that pages have {trees[0][0]} bytes")
        return transaction, last, trees[0], trees[1]

    def _header(self, number: int) -> tuple[int, ...]:
        header = HEADER.unpack_from(self._content, number * self._size)
        if header[0] != number:
            raise Broken(f"page {number} says that it is page {header[0]}")
        return header

    def _take(self, number: int) -> None:
        if number in self._seen or not 2 <= number <= self._last:
            raise Broken(f"page {number} is used twice, or is none")
        self._seen.add(number)

    def _walk(self, tree: tuple[int, ...]) -> Iterator[bytes]:
        """The values of a tree; raises Broken where it does not hang together."""
        depth, counts, entries, root = tree[2], list(tree[3:6]), tree[6], tree[7]
        if root == EMPTY:
            if depth or entries or any(counts):
                raise Broken("an empty tree says that it is not empty")
            return
        ordered = _as_number if tree[1] & INTEGER_KEYS else bytes
        found, pages = 0, [0, 0, 0]
        stack: list[tuple[int, int, bytes, bytes | None]] = [(root, 1, b"", None)]
        while stack:
            number, level, low, high = stack.pop()
            self._take(number)
            _, _, flags, lower, upper = self._header(number)
            if flags not in (BRANCH, LEAF) or (flags == LEAF) is not (level == depth):
                raise Broken(f"page {number} is at a wrong place of its tree")
            pages[flags == LEAF] += 1
            nodes = self._nodes(number, lower, upper, branch=flags == BRANCH)
            keys = [ordered(key) for key, *_ in nodes]
            if flags == BRANCH:
                keys[0] = low  # the engine does not read the first one
            if keys[0] < low or sorted(set(keys)) != keys or (high is not None and keys[-1] >= high):
                raise Broken(f"the keys of page {number} are out of order")
            if flags == BRANCH:
                ends = [*keys[1:], high]
                stack += [
                    (told, level + 1, begin, end)
                    for (_, told, _), begin, end in zip(nodes, keys, ends, strict=True)
                ][::-1]
                continue
            found += len(nodes)
            for _, told, at in nodes:
                value, more = self._value(number, told, at)
                pages[2] += more
                yield value
        if found != entries or pages != counts:
            raise Broken(f"a tree has {found} entries in {sum(pages)} pages, not as it says")

    def _nodes(self, number: int, lower: int, upper: int, *, branch: bool) -> list[tuple[bytes, int, int]]:
        """Each node's key, what it names (a page, or a value's size and flags), where its value begins."""
        start, size, content = number * self._size, self._size, self._content
        if (
            not HEADER.size <= lower <= upper <= size
            or lower % 2
            or lower - HEADER.size < (4 if branch else 2)
        ):
            raise Broken(f"page {number} is not divided as a page is")
        nodes, places = [], []
        for offset in memoryview(content)[start + HEADER.size : start + lower].cast("H"):
            if not upper <= offset <= size - NODE.size:
                raise Broken(f"page {number} has a node outside of it")
            low, high, flags, key_size = NODE.unpack_from(content, start + offset)
            told = low | high << 16
            end = offset + NODE.size + key_size
            if not branch:
                end += LONG.size if flags & BIG_DATA else told
            if end > size or key_size > LARGEST_KEY or (not branch and (flags > BIG_DATA or not key_size)):
                raise Broken(f"page {number} has a node that is none")
            key_at = start + offset + NODE.size
            nodes.append((content[key_at : key_at + key_size], told | flags << 32, key_at + key_size))
            places.append((offset, end))
        places.sort()
        if any(end > begin for (_, end), (begin, _) in pairwise(places)):
            raise Broken(f"page {number} has nodes that overlap")
        return nodes

    def _value(self, number: int, told: int, at: int) -> tuple[bytes, int]:
        """A node's value, and on how many pages of its own it is."""
        size, flags = told & 0xFFFFFFFF, told >> 32
        if not flags & BIG_DATA:
            return self._content[at : at + size], 0
        first = LONG.unpack_from(self._content, at)[0]
        self._take(first)
        header = self._header(first)
        run = RUN.unpack_from(self._content, first * self._size + 12)[0]
        needed = -(-(HEADER.size + size) // self._size)
        if header[2] != OVERFLOW or run < needed:
            raise Broken(f"page {number} has a value on pages that are none of it")
        for page in range(first + 1, first + run):
            self._take(page)
        begin = first * self._size + HEADER.size
        return self._content[begin : begin + size], run

    def _numbers(self, value: bytes) -> list[int]:
        """The pages of one entry of the free ones."""
        numbers = [n for (n,) in LONG.iter_unpack(value)]
        if (
            not numbers
            or numbers[0] != len(numbers) - 1
            or numbers[1:] != sorted(set(numbers[1:]), reverse=True)
        ):
            raise Broken("the list of free pages is not one")
        return numbers[1:]


def _as_number(key: bytes) -> bytes:
    """A key that the engine orders as a number of this machine, so that it sorts as bytes."""
    return key[::-1] if sys.byteorder == "little" else key

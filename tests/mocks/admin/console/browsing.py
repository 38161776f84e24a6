"""The console without a browser: its pages read as HTML, its forms filled in and sent."""

from html.parser import HTMLParser
from urllib.parse import urlencode

VOID = {"meta", "link", "br", "hr", "img", "input", "option"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ENGLISH = {"Accept-Language": "en"}


class Html(HTMLParser):
    """Text, tags and forms of a page; every tag must be closed in order."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.open, self.tags, self.said, self.forms = answer, [], [], "", []
        self.select = None
        self.feed(answer.body.decode())
        assert not self.open

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "form":
            self.forms.append({"at": found.get("action"), "method": found.get("method"), "fields": {}})
        if tag in ("input", "textarea") and self.forms and "name" in found:
            self.forms[-1]["fields"][found["name"]] = found.get("value", "")
        if tag == "select" and self.forms:
            self.select = found["name"]
            self.forms[-1]["fields"][self.select] = ""
        if tag == "option" and self.select:
            fields = self.forms[-1]["fields"]
            if "selected" in found or not fields[self.select]:
                fields[self.select] = found["value"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "option":
            return
        assert self.open.pop() == tag
        if tag == "select":
            self.select = None

    def handle_data(self, data):
        self.said += data

    @property
    def text(self):
        """What is read, without the blanks between."""
        return " ".join(self.said.split())

    def form(self, operation, **has):
        """The first form that does this operation, and whose fields are so."""
        for one in self.forms:
            fields = one["fields"]
            if fields.get("do") == operation and all(fields.get(name) == has[name] for name in has):
                return one
        raise AssertionError(f"no form does {operation}: {[one['fields'].get('do') for one in self.forms]}")

    def links(self):
        return [attrs.get("href", "") for tag, attrs in self.tags if tag == "a"]


class Console:
    """A browser of few words."""

    def __init__(self, world, base="", **headers):
        self.world, self.base, self.headers = world, base, {**ENGLISH, **headers}

    def page(self, name="", status=200):
        path = "/" if not name else f"/console/{name}"
        return self.got("GET", self.base + path, status)

    def got(self, method, path, status=200, raw=b"", **headers):
        answer = self.world.send(method, path, raw, **{**self.headers, **headers})
        assert answer.status == status, answer.body.decode()[:2000]
        assert answer.headers["Content-Type"].startswith("text/html")
        return Html(answer)

    def send(self, page, operation, has=None, **typed):
        """Fill in a form of the page and send it."""
        form = page.form(operation, **(has or {}))
        assert form["method"] == "post"
        strangers = set(typed) - set(form["fields"])
        assert not strangers, f"the form has no {strangers}: {list(form['fields'])}"
        raw = urlencode({**form["fields"], **typed}).encode()
        return self.got("POST", form["at"], raw=raw, **FORM)

    def did(self, page, operation, has=None, **typed):
        """The same; it was done."""
        answer = self.send(page, operation, has, **typed)
        assert "Refused" not in answer.text, answer.text
        assert "Done." in answer.text
        return answer

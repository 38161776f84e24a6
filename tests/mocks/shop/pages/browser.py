"""What a browser without scripts does with a shop's pages: follow links, fill in forms, keep a cookie."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from prakerja_sim.mocks.http.transport import InProcess


class Page(HTMLParser):
    """A page as a person sees it: text, links, forms with their buttons."""

    def __init__(self, answer):
        super().__init__()
        self.status, self.headers, self.source = answer.status, answer.headers, answer.body.decode()
        self.text, self.links, self.forms = "", [], []
        self._link = self._button = None
        self.alert, self._alerted = "", 0
        self.marks = {}
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.marks |= {name: value for name, value in told.items() if name.startswith("data-")}
        if told.get("role") == "alert":
            self._alerted = 1
        elif tag == "div" and self._alerted:
            self._alerted += 1
        if tag == "form":
            fields = {}
            self.forms.append(told | {"fields": fields, "buttons": {}})
        if tag in ("input", "textarea", "select") and self.forms:
            self.forms[-1]["fields"][told["name"]] = told.get("value", "")
        if tag == "option" and self.forms:
            name = list(self.forms[-1]["fields"])[-1]
            self.forms[-1]["fields"][name] = self.forms[-1]["fields"][name] or told.get("value", "5")
        if tag == "a":
            self._link = [told["href"], ""]
        if tag == "button":
            self._button = [told, ""]

    def handle_endtag(self, tag):
        if tag == "div" and self._alerted:
            self._alerted -= 1
        if tag == "a":
            self.links.append(self._link)
            self._link = None
        if tag == "button":
            told, text = self._button
            self.forms[-1]["buttons"][text.strip()] = told
            self._button = None

    def handle_data(self, data):
        self.text += data
        if self._alerted:
            self.alert += data
        for open_ in (self._link, self._button):
            if open_ is not None:
                open_[1] += data


class Browser:
    """One browser at one site, in the sandbox of its address."""

    def __init__(self, market, at=""):
        self.wire = InProcess(market.parties.application)
        self.base = f"{at}/{market.code}"
        self.cookies, self.page, self.at = {}, None, ""

    def open(self, path):
        """Type an address below the site's."""
        return self.got("GET", self.base + path)

    def click(self, text, within=""):
        """Follow the first link that says this, to an address that holds `within`."""
        found = [href for href, said in self.page.links if said.strip() == text and within in href]
        assert found, (text, [said for _, said in self.page.links], self.page.text)
        return self.got("GET", found[0])

    def press(self, text, /, **typed):
        """Press the button that says this, with what was typed into its form."""
        found = [form for form in self.page.forms if text in form["buttons"]]
        assert found, (text, [list(form["buttons"]) for form in self.page.forms], self.page.text)
        form = found[0]
        assert set(typed) <= set(form["fields"]), (typed, form)
        button = form["buttons"][text]
        said = {button["name"]: button["value"]} if "name" in button else {}
        fields = form["fields"] | typed | said
        if form["method"] == "get":
            return self.got("GET", f"{form['action']}?{urlencode(fields)}")
        return self.post(form["action"], fields)

    def post(self, action, fields, **headers):
        """Send a form."""
        return self.got("POST", action, urlencode(fields).encode(), headers)

    def got(self, method, path, raw=b"", headers=None):
        sent = {"Content-Type": "application/x-www-form-urlencoded"} if raw else {}
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.wire.send(method, path, sent | {"Cookie": jar} | (headers or {}), raw)
        if "Set-Cookie" in answer.headers:
            name, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
            self.set_cookie = answer.headers["Set-Cookie"]
            self.cookies[name] = value
        if answer.status == 303:
            where = urlsplit(answer.headers["Location"])
            if where.netloc:
                self.at = answer.headers["Location"]
                return self
            return self.got("GET", answer.headers["Location"])
        self.at = path
        self.page = Page(answer)
        return self

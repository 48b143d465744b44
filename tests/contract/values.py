"""What a body's schema cannot say: that an address must be nobody else's, a password the right one, a URL one indeed."""

import itertools

WEB = (
    "https://shop.example", "http://till", "HTTP://192.168.1.5:23000/a?b=c#d", "https://[2001:db8::1]:8443/",
    "https://bäckerei.example/öffnen", "https://ana@shop.example:65535/%20",
)
SUPPORT = (*WEB, "mailto:help@shop.example?subject={OrderId}", "nostr:npub1", "tel:+1-201-555-0123", "a+b.c:d")
URLS = {"website": WEB, "logoUrl": WEB, "cssUrl": WEB, "paymentSoundUrl": WEB, "supportUrl": SUPPORT}
# RFC 5321, section 4.5.3.1.3, without the angle brackets.
LONGEST_EMAIL = 254

numbers = itertools.count(1)


def settle(operation, body, password):
    """Makes a body that fits its schema one that can be done."""
    if operation.startswith("Users_"):
        settle_user(body, password)
    elif operation.startswith("Stores_"):
        settle_store(body)


def settle_user(body, password):
    if body.get("email"):
        body["email"] = nobody_elses(body["email"])
    if body.get("newPassword"):
        body["currentPassword"] = password


def nobody_elses(email):
    """The same address with a number in it, at the cost of other letters where it is as long as it may be."""
    mark, email = f"{next(numbers)}-", email.strip()
    name, _, host = email.partition("@")
    whole = [f"{mark}{email}", f"{mark}{name[len(mark):]}@{host}", f"{name}@{mark}{host[len(mark):]}"]
    short = (one for one in whole if len(one.encode()) <= LONGEST_EMAIL and not one.endswith("@"))
    return next(short, f"{mark}ana@shop.example")


def settle_store(body):
    for name, urls in URLS.items():
        if body.get(name) and not body[name].startswith("fileid:"):
            body[name] = urls[next(numbers) % len(urls)]

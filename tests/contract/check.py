"""Makes a home, starts a gate in it, and holds it against its description. Called by scripts/check-contract."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import examples
import report

HERE = Path(__file__).parent
ADMIN = "contract@shop.example"
# Where success is not to be had: nobody needs approval here.
FRUITLESS = {"POST /api/v1/users/{idOrEmail}/approve"}
# How many requests at least are to be made, and in how many seconds at most.
FEWEST, LONGEST = 2000, 600
# What of our own surroundings must not reach the programs.
FOREIGN = {"FIELDGATE_HOME", "FIELDGATE_PORT", "FIELDGATE_LOG", "FIELDGATE_PASSPHRASE_FILE"}


def surroundings(**more):
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN and "proxy" not in name.lower()}
    return {**kept, **{name: str(value) for name, value in more.items()}}


class Home:
    """A fresh home with an admin who has a password, beside the files that hold its secrets (all 0600)."""

    def __init__(self, place, ctl):
        self.place, self.program = place, ctl
        self.write("fieldgatectl", ctl)
        self.write("home", place / "vault")
        self.write("admin", ADMIN)
        self.write("passphrase", secrets.token_hex(16))
        self.write("password", secrets.token_hex(16))
        self.ctl("init", "--admin", ADMIN, "--password-file", str(place / "password"))
        self.ctl("store", "create", "Bakery", "--owner", ADMIN)
        self.write("key", self.key("unrestricted"))

    def write(self, name, text):
        (self.place / name).write_text(f"{text}\n")

    def command(self, *args):
        return [self.program, "--home", self.place / "vault", "--json", *args]

    def surroundings(self, **more):
        return surroundings(FIELDGATE_PASSPHRASE_FILE=self.place / "passphrase", **more)

    def ctl(self, *args):
        ran = subprocess.run(self.command(*args), env=self.surroundings(), capture_output=True, text=True, check=False)
        if ran.returncode:
            sys.exit(f"contract: fieldgatectl {' '.join(args)}: {ran.stderr}")
        return json.loads(ran.stdout)

    def key(self, *permissions):
        args = [part for permission in permissions for part in ("--permission", permission)]
        return self.ctl("key", "create", "--user", ADMIN, *args)["apiKey"]

    @contextmanager
    def gate(self):
        """A gate that runs; its address."""
        with open(self.place / "complaints", "w+") as complaints:
            serve = subprocess.Popen(
                self.command("serve", "--port", "0"),
                env=self.surroundings(FIELDGATE_LOG="warn"), stdout=subprocess.PIPE, stderr=complaints, text=True,
            )
            try:
                said = serve.stdout.readline()
                if not said:
                    sys.exit(f"contract: the gate does not start: {(self.place / 'complaints').read_text()}")
                url = json.loads(said)["url"]
                self.write("url", url)
                yield url
                if serve.poll() is not None:
                    sys.exit(f"contract: the gate ended by itself: {(self.place / 'complaints').read_text()}")
            finally:
                serve.terminate()
                serve.wait(timeout=30)


def fetched(place, url):
    """The description as the gate serves it, kept in a file so that reading it is tested like everything else."""
    with urlopen(f"{url}/swagger/v1/swagger.json") as answer:
        text = answer.read()
    (place / "description.json").write_bytes(text)
    return json.loads(text)


def generated(place, url, description):
    """Requests made from the description, answers held against it by every rule of schemathesis; how many of each."""
    command = [
        Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml",
        "run", place / "description.json", "--url", url, "--checks", "all", "--no-color",
        "--report", "ndjson", "--report-ndjson-path", place / "report",
    ]
    environment = surroundings(
        FIELDGATE_CONTRACT=place, SCHEMATHESIS_HOOKS=HERE / "hooks.py", PYTHONPATH=HERE, PYTHONDONTWRITEBYTECODE=1,
    )
    ran = subprocess.run(
        command, cwd=place, env=environment, timeout=LONGEST, capture_output=True, text=True, check=False,
    )
    if ran.returncode:
        sys.exit(f"{ran.stdout}{ran.stderr}\ncontract: the gate does not do what its description says")
    return report.counts(place / "report", description)


def walk(home, url):
    """A client that others wrote; what it walked through."""
    secret = {name: (home.place / name).read_text().strip() for name in ("key", "password")}
    given = json.dumps({"url": url, "email": ADMIN, **secret})
    ran = subprocess.run(
        ["node", HERE.parent / "clients" / "node" / "walk.js"], input=given, env=surroundings(), timeout=60,
        capture_output=True, text=True, check=False,
    )
    if ran.returncode:
        sys.exit(f"{ran.stdout}{ran.stderr}\ncontract: btcpay-greenfield-node-client stumbles")
    return ran.stdout.strip()


def main():
    ctl = Path(sys.argv[1]).resolve()
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix="fieldgate-contract-") as place:
        home = Home(Path(place), ctl)
        with home.gate() as url:
            walked = walk(home, url)
            description = fetched(home.place, url)
            shown = examples.check(description)
            made = generated(home.place, url, description)
            # Whoever lost the key or the user on the way has tried less than it seems.
            walk(home, url)
    cases = sum(count for count, _ in made.values())
    fruitless = {name for name, (_, succeeded) in made.items() if not succeeded}
    if fruitless != FRUITLESS or cases < FEWEST:
        surprising = sorted(fruitless ^ FRUITLESS)
        sys.exit(f"contract: {cases} cases, at least {FEWEST} are wanted; without success, or with: {surprising}")
    print(f"contract: btcpay-greenfield-node-client walked through {walked}")
    print(f"contract: {shown} examples fit their schemas; {len(made)} operations kept their word in {cases} cases")


if __name__ == "__main__":
    main()

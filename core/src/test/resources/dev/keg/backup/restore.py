#!/usr/bin/env python3
"""Restores the newest backup of a volume: restore.py REPOSITORY VOLUME DIRECTORY [KEY]

Written from keg-backup(5) alone, for the day when there is no Keg. Needs zstd(1), and for an
encrypted repository age(1), room for a copy, and the file KEY or a pass phrase that opens it.
"""
import hashlib, json, os, struct, subprocess, sys, tempfile


def unzstd(data):
    return subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout


def unage(key, source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    return subprocess.run(["age", "-d", *key, "-o", target, source]).returncode == 0


def decrypt(repository, key, copy):
    """Copies an encrypted repository, readable, with what one of its keys opens."""
    keys, secret = os.path.join(repository, "keys"), os.path.join(copy, "secret")
    if not any(unage(key, os.path.join(keys, k), secret) for k in sorted(os.listdir(keys))):
        raise ValueError("none of the repository's keys can be opened")
    for folder, _, files in os.walk(repository):
        for file in [os.path.join(folder, f) for f in files if folder != keys]:
            if not unage(["-i", secret], file, os.path.join(copy, os.path.relpath(file, repository))):
                raise ValueError("damaged: " + file)
    return copy


class Fields:
    """Numbers and bytes of an index, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, length):
        self.at += length
        if self.at > len(self.data):
            raise ValueError("it ends too early")
        return self.data[self.at - length:self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.raw(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self):
        value = self.number()
        return (value >> 1) ^ -(value & 1)

    def bytes(self):
        return self.raw(self.number())

    def list(self, read):
        return [read() for _ in range(self.number())]


class Repository:
    def __init__(self, path):
        self.path, self.frame = path, (None, b"", 0)

    def read(self, name, offset, length, blocks=-1):
        self.there = -1  # which blocks there are: all, if no rest says less
        try:
            return self.range(name, offset, length)
        except FileNotFoundError:
            return self.rest("rests" + name[4:name.index(".", name.rindex("/"))], offset, length, blocks)

    def rest(self, folder, offset, length, blocks):
        for file in os.listdir(os.path.join(self.path, folder)):
            rest, at, self.there = folder + "/" + file, 0, -1
            version, size, _, count = struct.unpack(">IIQQ", self.range(rest, -56, 24))
            entry = ">QIII16sI" if version == 3 else ">QIIII"
            table = Fields(self.range(rest, -64 - (size or 16 * count), size or 16 * count))
            for begin, part in struct.iter_unpack(">QQ", table.raw(16 * count)):
                if begin <= offset and offset + length <= begin + part:
                    return self.range(rest, at + offset - begin, length)
                at += part
            while table.at < len(table.data):  # frames with zeros for what nobody needs
                begin, _, part, *_, bitmap = struct.unpack(entry, table.raw(struct.calcsize(entry)))
                self.there = int.from_bytes(table.raw(bitmap), "little")
                if begin == offset and not blocks & ~self.there:
                    return self.range(rest, at, part)
                at += part
        raise ValueError("parts of the archive are missing: " + folder)

    def range(self, name, offset, length):
        with open(os.path.join(self.path, name), "rb") as file:
            file.seek(offset, 2 if offset < 0 else 0)
            return file.read(length)

    def newest(self, volume):
        folder = os.path.join(self.path, "backups", volume)
        record = json.load(open(os.path.join(folder, max(os.listdir(folder)))))
        own = [o for o in record["objects"] if record["id"] in o["name"].rsplit("/", 1)[1]]
        return (own or record["objects"])[0]["name"]

    def content(self, slices):
        for frame, offset, length in slices:
            blocks = (1 << (offset + length + 511) // 512) - (1 << offset // 512)
            if self.frame[0] != frame or blocks & ~self.frame[2]:
                self.frame = (frame, unzstd(self.read(*frame, blocks)), self.there)
            yield self.frame[1][offset:offset + length]

    def entries(self, name):
        """Every entry of an archive, in order."""
        footer = self.range(name, -64, 64)
        magic, version, zero, offset, stored, length = struct.unpack(">8sIIQII", footer[:32])
        if magic != b"KEGINDEX" or version not in (1, 2):
            raise ValueError("not an archive of Keg, or a newer one")
        root = Fields(self.unpack(b"KEGR", self.read(name, offset, stored), footer[32:]))
        root.raw(16), [root.number() for _ in range(4)], root.bytes()
        objects = [o.decode() for o in root.list(root.bytes)]
        for page in root.list(lambda: self.place(root, version, name, objects)):
            where, offset, stored, _, sha256, _, first = page
            data = self.unpack(b"KEGP", self.read(where, offset, stored), sha256)
            yield from Page(Fields(data), version, where, objects, first).entries()

    @staticmethod
    def place(root, version, name, objects):
        number = root.number() if version == 2 else 0
        return (objects[number - 1] if number else name, root.number(), root.number(),
                root.number(), root.raw(32), root.number(), root.bytes())

    @staticmethod
    def unpack(letters, payload, sha256):
        if hashlib.sha256(payload).digest() != sha256 or payload[:4] != letters:
            raise ValueError("the index is damaged")
        return unzstd(payload[4:])


class Page:
    def __init__(self, data, version, where, objects, first):
        self.data, self.version, self.first = data, version, first
        self.base = None if version == 2 else b""
        if version == 2:
            objects = [where] + [o.decode() for o in data.list(data.bytes)]
        self.frames, own = [], data.number()
        at = data.number() if own else 0
        for _ in range(own):
            self.frames.append((where, at, self.frame()[0]))
            at += self.frames[-1][2]
        self.frames += data.list(lambda: (objects[data.number()], data.number(), self.frame()[0]))

    def frame(self):
        return self.data.number(), self.data.number(), self.data.raw(20)

    def entries(self):
        self.path, self.modified, self.inode, self.last = b"", 0, 0, 0
        return self.data.list(self.entry)

    def absolute(self, path):
        if self.base is None:
            names = len(path.split(b"/")) if path else 0
            self.base = b"/".join(self.first.split(b"/")[:-names or None])
        return self.base + b"/" + path if self.base and path else self.base or path

    def slice(self):
        self.last += self.data.signed()
        return self.frames[self.last], self.data.number(), self.data.number()

    def area(self):
        gap, length = self.data.number(), self.data.number()
        self.end += gap + length
        return self.end - length, length

    def entry(self):
        data, flags = self.data, self.data.number()
        self.path = self.path[:data.number()] + data.bytes()
        entry = {"path": self.absolute(self.path), "kind": flags & 15, "mode": data.number(),
                 "uid": data.number(), "gid": data.number()}
        self.modified += data.signed()
        entry["modified"] = self.modified * 10 ** 9 + data.number()
        data.signed(), data.signed(), data.number()
        if flags & 16:
            entry["xattrs"] = data.list(lambda: (data.bytes(), data.bytes()))
        if entry["kind"] == 1:
            entry["size"], self.end = data.number(), 0
            entry["data"] = data.list(self.area) if flags & 32 else [(0, entry["size"])]
            entry["slices"] = data.list(self.slice)
        elif entry["kind"] in (2, 3):
            path, link = data.bytes(), entry["kind"] == 2
            entry["target"] = path if link else path[1:] if path[:1] == b"/" else self.absolute(path)
        elif entry["kind"] in (5, 6):
            entry["device"] = os.makedev(data.number(), data.number())
        data.raw(16 if self.version == 2 and flags & 128 else 0)
        if self.version == 2 and flags & 256:
            data.list(lambda: (data.number(), data.number(), data.raw(16)))
        return entry


def write(repository, path, entry):
    with open(path, "wb") as file:
        areas, room = iter(entry["data"]), 0
        for content in repository.content(entry["slices"]):
            while content:
                if room == 0:
                    offset, room = next(areas)
                    file.seek(offset)
                done = file.write(content[:room])
                room, content = room - done, content[done:]
        file.truncate(entry["size"])


def make(repository, path, top, entry):
    kind = entry["kind"]
    if kind == 0:
        os.makedirs(path, exist_ok=True)
    elif kind == 1:
        write(repository, path, entry)
    elif kind == 2:
        os.symlink(entry["target"], path)
    elif kind == 3:
        os.link(os.path.join(top, entry["target"]), path)
    else:
        os.mknod(path, {4: 0o010600, 5: 0o020600, 6: 0o060600}[kind], entry.get("device", 0))


def attributes(path, entry):
    if os.geteuid() == 0:
        os.chown(path, entry["uid"], entry["gid"], follow_symlinks=False)
    for name, value in entry.get("xattrs", []):
        os.setxattr(path, name, value, follow_symlinks=False)
    if entry["kind"] != 2:
        os.chmod(path, entry["mode"])
    os.utime(path, ns=(entry["modified"],) * 2, follow_symlinks=False)


def main(where, volume, directory, *key):
    with tempfile.TemporaryDirectory() as copy:
        if os.path.isdir(os.path.join(where, "keys")):
            where = decrypt(where, ["-i", *key] if key else [], copy)
        repository, top = Repository(where), os.fsencode(directory)
        made = [(os.path.join(top, e["path"]) if e["path"] else top, e)
                for e in repository.entries(repository.newest(volume))]
        made.sort(key=lambda each: each[1]["kind"] == 3)  # hard links after what they name
        for path, entry in made:
            make(repository, path, top, entry)
        for path, entry in reversed(made):  # directories after what is in them
            if entry["kind"] != 3:
                attributes(path, entry)


main(*sys.argv[1:])

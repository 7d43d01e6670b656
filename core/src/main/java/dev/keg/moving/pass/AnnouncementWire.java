package dev.keg.moving.pass;

import dev.keg.moving.pass.Announcement.Content;
import dev.keg.moving.pass.Announcement.Enter;
import dev.keg.moving.pass.Announcement.Gone;
import dev.keg.moving.pass.Announcement.Knowledge;
import dev.keg.moving.pass.Announcement.Leave;
import dev.keg.moving.pass.Announcement.Link;
import dev.keg.moving.pass.Announcement.Special;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encodes announcements: a batch is their number, then each with its kind, its path and the rest.
 */
record AnnouncementWire(Wire wire) {
  private static final int MAX_ITEMS = 1 << 24;

  private enum Kind {
    ENTER,
    LEAVE,
    CONTENT,
    GONE,
    LINK,
    SPECIAL
  }

  void put(List<Announcement> batch) throws IOException {
    wire.out().writeInt(batch.size());
    for (Announcement announcement : batch) {
      put(announcement);
    }
    wire.out().flush();
  }

  private void put(Announcement announcement) throws IOException {
    switch (announcement) {
      case Enter(TreePath path, List<ByteString> names) -> {
        begin(Kind.ENTER, path);
        wire.out().writeInt(names.size());
        for (ByteString name : names) {
          wire.put(name);
        }
      }
      case Leave(TreePath path, Attributes attributes) -> {
        begin(Kind.LEAVE, path);
        wire.put(attributes);
      }
      case Content content -> {
        begin(Kind.CONTENT, content.path());
        wire.put(content.attributes());
        wire.out().writeLong(content.size());
        wire.out().writeBoolean(content.linked());
        wire.out().writeBoolean(content.knowledge().unchanged());
        wire.put(content.knowledge().digest().orElse(ByteString.EMPTY));
      }
      case Gone(TreePath path) -> begin(Kind.GONE, path);
      case Link(TreePath path, TreePath target) -> {
        begin(Kind.LINK, path);
        wire.put(target.bytes());
      }
      case Special(TreePath path, FileKind kind, Attributes attributes) -> {
        begin(Kind.SPECIAL, path);
        put(kind);
        wire.put(attributes);
      }
    }
  }

  private void begin(Kind kind, TreePath path) throws IOException {
    wire.put(kind);
    wire.put(path.bytes());
  }

  List<Announcement> batch() throws IOException {
    List<Announcement> batch = new ArrayList<>();
    for (int left = wire.length(MAX_ITEMS); left > 0; left--) {
      batch.add(announcement());
    }
    return batch;
  }

  private TreePath path() throws IOException {
    ByteString bytes = wire.bytes();
    try {
      return bytes.isEmpty() ? TreePath.ROOT : TreePath.parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new Wire.Garbled(String.valueOf(e.getMessage()));
    }
  }

  private Announcement announcement() throws IOException {
    Kind kind = wire.take(Kind.class);
    TreePath path = path();
    return switch (kind) {
      case ENTER -> new Enter(path, names());
      case LEAVE -> new Leave(path, wire.attributes());
      case CONTENT ->
          new Content(path, wire.attributes(), wire.offset(), wire.in().readBoolean(), knowledge());
      case GONE -> new Gone(path);
      case LINK -> new Link(path, path());
      case SPECIAL -> new Special(path, special(), wire.attributes());
    };
  }

  private List<ByteString> names() throws IOException {
    List<ByteString> names = new ArrayList<>();
    for (int left = wire.length(MAX_ITEMS); left > 0; left--) {
      names.add(wire.bytes());
    }
    return names;
  }

  private Knowledge knowledge() throws IOException {
    boolean unchanged = wire.in().readBoolean();
    return new Knowledge(unchanged, Optional.of(wire.bytes()).filter(digest -> !digest.isEmpty()));
  }

  private void put(FileKind kind) throws IOException {
    switch (kind) {
      case FileKind.Symlink(ByteString target) -> {
        wire.out().writeByte('l');
        wire.put(target);
      }
      case FileKind.Fifo _ -> wire.out().writeByte('p');
      case FileKind.Device(boolean block, int major, int minor) -> {
        wire.out().writeByte(block ? 'b' : 'c');
        wire.out().writeInt(major);
        wire.out().writeInt(minor);
      }
      case FileKind.Directory _, FileKind.RegularFile _, FileKind.HardLink _ ->
          throw new IllegalArgumentException("it has an announcement of its own: " + kind);
    }
  }

  private FileKind special() throws IOException {
    int letter = wire.in().readUnsignedByte();
    try {
      return switch (letter) {
        case 'l' -> new FileKind.Symlink(wire.bytes());
        case 'p' -> new FileKind.Fifo();
        case 'b', 'c' ->
            new FileKind.Device(letter == 'b', wire.in().readInt(), wire.in().readInt());
        default -> throw new Wire.Garbled("an unknown kind of file");
      };
    } catch (IllegalArgumentException e) {
      throw new Wire.Garbled(String.valueOf(e.getMessage()));
    }
  }
}

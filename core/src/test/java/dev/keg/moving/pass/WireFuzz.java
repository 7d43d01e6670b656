package dev.keg.moving.pass;

import dev.keg.fixtures.fuzz.FuzzTarget;
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
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Messages from the other host of a move. */
public final class WireFuzz implements FuzzTarget {
  private static final TreePath FILE = TreePath.parse("dir/file");
  private static final Attributes ATTRIBUTES =
      new Attributes(
          0644,
          1000,
          1000,
          Instant.EPOCH,
          Xattrs.of(List.of(new Xattr(ByteString.utf8("user.a"), ByteString.utf8("b")))));

  /** A time whose seconds and nanoseconds together exceed the largest number. */
  private static final String TIME_WITHOUT_END =
      "000000010007434f4e54454e540000000000ffff0100002aff006c65014d0000000000"
          + "8000000000000000e8f80000000000000004003301faff0000006c6500000000000000"
          + "4100000000000000000000000000000000000000000000000000000000";

  @Override
  public List<byte[]> seeds() {
    return List.of(
        HexFormat.of().parseHex(TIME_WITHOUT_END),
        batch(new Enter(TreePath.ROOT, List.of(ByteString.utf8("dir"))), new Gone(FILE)),
        batch(new Content(FILE, ATTRIBUTES, 5, false, Knowledge.UNCHANGED)),
        batch(new Link(FILE, TreePath.parse("other")), new Leave(TreePath.ROOT, ATTRIBUTES)),
        batch(
            new Special(FILE, new FileKind.Symlink(ByteString.utf8("to")), ATTRIBUTES),
            new Special(FILE, new FileKind.Device(true, 8, 1), ATTRIBUTES)));
  }

  private static byte[] batch(Announcement... announcements) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new AnnouncementWire(new Wire(InputStream.nullInputStream(), bytes))
          .put(List.of(announcements));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void read(byte[] input) {
    try {
      var _ = new AnnouncementWire(wire(input)).batch();
    } catch (IOException _) {
      // refused
    }
    try {
      var _ = wire(input).need(1 << 20);
    } catch (IOException _) {
      return;
    }
  }

  private static Wire wire(byte[] input) {
    return new Wire(new ByteArrayInputStream(input), OutputStream.nullOutputStream());
  }
}

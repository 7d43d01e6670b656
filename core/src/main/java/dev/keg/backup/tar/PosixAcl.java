package dev.keg.backup.tar;

import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A POSIX access control list in its two forms: the kernel's extended attribute ({@code
 * linux/posix_acl_xattr.h}: a version, then tag, permissions and id of each entry, little-endian)
 * and the text of acl(5) that tar programs store, here with numbers for names:
 *
 * <pre>
 * user::rw-
 * user:1000:rwx
 * group::r--
 * mask::rwx
 * other::r--
 * </pre>
 */
final class PosixAcl {
  private static final int VERSION = 2;
  private static final int ENTRY = 8;
  private static final int NO_ID = -1;
  private static final String PERMISSIONS = "rwx";
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int EXECUTE = 1;

  /** The subject of an entry; the kernel requires entries in this order. */
  private enum Tag {
    USER_OBJ(0x01, "user", false),
    USER(0x02, "user", true),
    GROUP_OBJ(0x04, "group", false),
    GROUP(0x08, "group", true),
    MASK(0x10, "mask", false),
    OTHER(0x20, "other", false);

    final int bits;
    final String word;
    final boolean named;

    Tag(int bits, String word, boolean named) {
      this.bits = bits;
      this.word = word;
      this.named = named;
    }
  }

  private record AclEntry(Tag tag, int permissions, int id) {
    String text() {
      return tag.word
          + ":"
          + (tag.named ? Integer.toUnsignedString(id) : "")
          + ":"
          + ((permissions & READ) != 0 ? 'r' : '-')
          + ((permissions & WRITE) != 0 ? 'w' : '-')
          + ((permissions & EXECUTE) != 0 ? 'x' : '-')
          + "\n";
    }
  }

  private PosixAcl() {}

  /** The text of an attribute; empty if its form is unknown. */
  static Optional<ByteString> text(ByteString attribute) {
    ByteBuffer in = ByteBuffer.wrap(attribute.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() % ENTRY != Integer.BYTES || in.getInt() != VERSION) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    while (in.hasRemaining()) {
      int bits = in.getShort();
      int permissions = in.getShort();
      int id = in.getInt();
      Optional<Tag> tag = tag(bits);
      if (tag.isEmpty() || permissions > (READ | WRITE | EXECUTE)) {
        return Optional.empty();
      }
      text.append(new AclEntry(tag.get(), permissions, id).text());
    }
    return Optional.of(ByteString.utf8(text.toString()));
  }

  private static Optional<Tag> tag(int bits) {
    for (Tag tag : Tag.values()) {
      if (tag.bits == bits) {
        return Optional.of(tag);
      }
    }
    return Optional.empty();
  }

  /**
   * The attribute of a text; empty if it only repeats the permission bits, for which the kernel
   * keeps no attribute.
   */
  static Optional<ByteString> attribute(ByteString text) throws Malformed {
    List<AclEntry> entries = new ArrayList<>();
    String lines = new String(text.toArray(), StandardCharsets.UTF_8);
    for (String line : lines.split("[\n,]", -1)) {
      String content = line.replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        entries.add(entry(content));
      }
    }
    if (entries.stream().allMatch(e -> !e.tag.named && e.tag != Tag.MASK)) {
      return Optional.empty();
    }
    entries.sort(
        Comparator.comparing(AclEntry::tag).thenComparing(AclEntry::id, Integer::compareUnsigned));
    return Optional.of(attribute(entries));
  }

  private static ByteString attribute(List<AclEntry> entries) {
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES + ENTRY * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(VERSION);
    for (AclEntry entry : entries) {
      out.putShort((short) entry.tag.bits);
      out.putShort((short) entry.permissions);
      out.putInt(entry.id);
    }
    return ByteString.of(out.array());
  }

  /** star appends the numeric id to the name: {@code user:joe:rwx:1000}. */
  private static AclEntry entry(String line) throws Malformed {
    String[] parts = line.split(":", -1);
    if (parts.length < 3 || parts.length > 4) {
      throw new Malformed("not an access control entry: '" + line + "'");
    }
    boolean named = !parts[1].isEmpty();
    String word = parts[0].isEmpty() ? "?" : parts[0];
    for (Tag tag : Tag.values()) {
      if ((tag.word.equals(word) || tag.word.startsWith(word)) && tag.named == named) {
        int id = named ? id(parts.length == 4 ? parts[3] : parts[1], line) : NO_ID;
        return new AclEntry(tag, permissions(parts[2], line), id);
      }
    }
    throw new Malformed("not an access control entry: '" + line + "'");
  }

  private static int id(String text, String line) throws Malformed {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException _) {
      throw new Malformed(
          "an access control entry with a name instead of a number: '"
              + line
              + "'; write the archive with --numeric-owner or --xattrs-include='*'");
    }
  }

  private static int permissions(String text, String line) throws Malformed {
    int permissions = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case 'r' -> permissions |= READ;
        case 'w' -> permissions |= WRITE;
        case 'x' -> permissions |= EXECUTE;
        case '-' -> {}
        default ->
            throw new Malformed("permissions other than " + PERMISSIONS + " in '" + line + "'");
      }
    }
    return permissions;
  }
}

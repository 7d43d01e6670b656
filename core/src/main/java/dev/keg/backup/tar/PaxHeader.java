package dev.keg.backup.tar;

import dev.keg.backup.tar.PaxRecords.PaxRecord;
import dev.keg.tree.ByteString;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The pax records of a file. A repeated keyword is refused, since programs differ in which one they
 * use; only GNU's first sparse format repeats two of its own on purpose.
 */
final class PaxHeader {
  static final PaxHeader NONE = new PaxHeader(Map.of(), List.of(), List.of());

  private static final int MAX_DIGITS = 19;

  private final Map<ByteString, ByteString> values;
  private final List<Xattr> xattrs;
  private final List<Long> sparseNumbers;

  private PaxHeader(
      Map<ByteString, ByteString> values, List<Xattr> xattrs, List<Long> sparseNumbers) {
    this.values = values;
    this.xattrs = xattrs;
    this.sparseNumbers = sparseNumbers;
  }

  static PaxHeader parse(byte[] bytes, TarLimits limits) throws Malformed {
    Map<ByteString, ByteString> values = new HashMap<>();
    List<Xattr> xattrs = new ArrayList<>();
    List<Long> sparseNumbers = new ArrayList<>();
    for (PaxRecord record : PaxRecords.parse(bytes)) {
      ByteString keyword = record.keyword();
      if (keyword.startsWith(PaxKeyword.XATTR)) {
        xattrs.add(xattr(record, xattrs.size(), limits));
      } else if (keyword.equals(PaxKeyword.SPARSE_OFFSET)
          || keyword.equals(PaxKeyword.SPARSE_BYTES)) {
        boolean offset = sparseNumbers.size() % 2 == 0;
        if (offset != keyword.equals(PaxKeyword.SPARSE_OFFSET)) {
          throw new Malformed("a sparse map whose offsets and lengths do not alternate");
        }
        sparseNumbers.add(number(record.keyword(), record.value()));
      } else if (values.put(keyword, record.value()) != null) {
        throw new Malformed("the pax keyword '" + keyword + "' twice");
      }
    }
    return new PaxHeader(values, xattrs, sparseNumbers);
  }

  private static Xattr xattr(PaxRecord record, int before, TarLimits limits) throws Malformed {
    ByteString name = PaxKeyword.xattrName(record.keyword());
    if (record.value().length() > limits.xattrValue()) {
      throw new Malformed(
          "the extended attribute %s has %d bytes, more than %d"
              .formatted(name, record.value().length(), limits.xattrValue()));
    }
    if (before >= limits.xattrs()) {
      throw new Malformed("more than " + limits.xattrs() + " extended attributes");
    }
    if (name.isEmpty() || name.length() > 255 || name.indexOf((byte) 0) >= 0) {
      throw new Malformed(
          "an extended attribute with an impossible name: "
              + (name.length() > 255
                  ? name.substring(0, 40) + "…, " + name.length() + " bytes"
                  : name));
    }
    return new Xattr(name, record.value());
  }

  /** Refuses records in a global header that can apply only to a single file. */
  void requireGlobal() throws Malformed {
    for (ByteString keyword : values.keySet()) {
      if (keyword.equals(PaxKeyword.PATH)
          || keyword.equals(PaxKeyword.LINKPATH)
          || keyword.equals(PaxKeyword.SIZE)
          || keyword.startsWith(PaxKeyword.SPARSE)
          || keyword.equals(PaxKeyword.ACL_ACCESS)
          || keyword.equals(PaxKeyword.ACL_DEFAULT)) {
        throw new Malformed("a global header that sets '" + keyword + "' for all files");
      }
    }
    if (!xattrs.isEmpty() || !sparseNumbers.isEmpty()) {
      throw new Malformed("a global header that sets attributes of single files");
    }
  }

  /** POSIX: an empty value means that the keyword is absent. */
  Optional<ByteString> value(ByteString keyword) {
    return Optional.ofNullable(values.get(keyword)).filter(v -> !v.isEmpty());
  }

  OptionalLong number(ByteString keyword) throws Malformed {
    Optional<ByteString> value = value(keyword);
    return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number(keyword, value.get()));
  }

  Optional<Instant> modified() throws Malformed {
    Optional<ByteString> value = value(PaxKeyword.MTIME);
    return value.isEmpty() ? Optional.empty() : Optional.of(PaxTime.parse(ascii(value.get())));
  }

  /** The attributes; the text of an ACL counts only if its binary attribute is absent. */
  Xattrs xattrs() throws Malformed {
    Xattrs all;
    try {
      all = Xattrs.of(xattrs);
    } catch (IllegalArgumentException e) {
      throw new Malformed("", e);
    }
    all = withAcl(all, Xattrs.ACCESS_ACL, PaxKeyword.ACL_ACCESS);
    return withAcl(all, Xattrs.DEFAULT_ACL, PaxKeyword.ACL_DEFAULT);
  }

  private Xattrs withAcl(Xattrs all, ByteString name, ByteString keyword) throws Malformed {
    Optional<ByteString> text = value(keyword);
    if (text.isEmpty() || all.get(name).isPresent()) {
      return all;
    }
    Optional<ByteString> attribute = PosixAcl.attribute(text.get());
    return attribute.isEmpty() ? all : all.with(name, attribute.get());
  }

  /** Offset and length alternately, from records that GNU's sparse format 0.0 repeats. */
  List<Long> sparseNumbers() {
    return sparseNumbers;
  }

  private static long number(ByteString keyword, ByteString value) throws Malformed {
    String digits = ascii(value);
    if (digits.isEmpty()
        || digits.length() > MAX_DIGITS
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Malformed("the pax keyword '%s' is not a number: %s".formatted(keyword, value));
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException _) {
      throw new Malformed("the pax keyword '%s' is too large: %s".formatted(keyword, value));
    }
  }

  private static String ascii(ByteString value) {
    return new String(value.toArray(), StandardCharsets.ISO_8859_1);
  }
}

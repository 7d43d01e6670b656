package dev.keg.backup.tar;

import dev.keg.tree.ByteString;
import java.io.ByteArrayOutputStream;

/** The keywords of pax records that Keg writes, and the encoding of attribute names in keywords. */
final class PaxKeyword {
  static final ByteString PATH = ByteString.utf8("path");
  static final ByteString LINKPATH = ByteString.utf8("linkpath");
  static final ByteString SIZE = ByteString.utf8("size");
  static final ByteString UID = ByteString.utf8("uid");
  static final ByteString GID = ByteString.utf8("gid");
  static final ByteString MTIME = ByteString.utf8("mtime");
  static final ByteString COMMENT = ByteString.utf8("comment");
  static final ByteString ACL_ACCESS = ByteString.utf8("SCHILY.acl.access");
  static final ByteString ACL_DEFAULT = ByteString.utf8("SCHILY.acl.default");
  static final ByteString XATTR = ByteString.utf8("SCHILY.xattr.");
  static final ByteString SPARSE = ByteString.utf8("GNU.sparse.");
  static final ByteString SPARSE_MAJOR = ByteString.utf8("GNU.sparse.major");
  static final ByteString SPARSE_MINOR = ByteString.utf8("GNU.sparse.minor");
  static final ByteString SPARSE_NAME = ByteString.utf8("GNU.sparse.name");
  static final ByteString SPARSE_REALSIZE = ByteString.utf8("GNU.sparse.realsize");
  static final ByteString SPARSE_SIZE = ByteString.utf8("GNU.sparse.size");
  static final ByteString SPARSE_BLOCKS = ByteString.utf8("GNU.sparse.numblocks");
  static final ByteString SPARSE_OFFSET = ByteString.utf8("GNU.sparse.offset");
  static final ByteString SPARSE_BYTES = ByteString.utf8("GNU.sparse.numbytes");
  static final ByteString SPARSE_MAP = ByteString.utf8("GNU.sparse.map");

  private PaxKeyword() {}

  /** As GNU tar since 1.29: a keyword ends at the first {@code =}, so that is escaped. */
  static ByteString ofXattr(ByteString name) {
    if (name.indexOf((byte) '=') < 0 && name.indexOf((byte) '%') < 0) {
      return XATTR.plus(name);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte b : name.toArray()) {
      switch (b) {
        case '%' -> out.writeBytes(new byte[] {'%', '2', '5'});
        case '=' -> out.writeBytes(new byte[] {'%', '3', 'D'});
        default -> out.write(b);
      }
    }
    return XATTR.plus(ByteString.of(out.toByteArray()));
  }

  static ByteString xattrName(ByteString keyword) {
    ByteString name = keyword.substring(XATTR.length(), keyword.length());
    if (name.indexOf((byte) '%') < 0) {
      return name;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < name.length(); i++) {
      if (isAt(name, i, "%25")) {
        out.write('%');
        i += 2;
      } else if (isAt(name, i, "%3D")) {
        out.write('=');
        i += 2;
      } else {
        out.write(name.at(i));
      }
    }
    return ByteString.of(out.toByteArray());
  }

  private static boolean isAt(ByteString name, int at, String escape) {
    for (int i = 0; i < escape.length(); i++) {
      if (at + i >= name.length() || name.at(at + i) != escape.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}

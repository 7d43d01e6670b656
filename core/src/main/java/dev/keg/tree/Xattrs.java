package dev.keg.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The extended attributes of a file, sorted by name; no name twice. */
public record Xattrs(List<Xattr> list) {
  public static final Xattrs NONE = new Xattrs(List.of());

  /** POSIX ACLs as the kernel shows them. */
  public static final ByteString ACCESS_ACL = ByteString.utf8("system.posix_acl_access");

  public static final ByteString DEFAULT_ACL = ByteString.utf8("system.posix_acl_default");

  /**
   * Owner, group and access control list of a file on Windows, as text in the security descriptor
   * definition language. No system has an attribute of this name.
   */
  public static final ByteString WINDOWS_DESCRIPTOR = ByteString.utf8("windows.sddl");

  public static final ByteString CAPABILITY = ByteString.utf8("security.capability");

  /** An attribute; the name includes its namespace, as in {@code user.note}. */
  public record Xattr(ByteString name, ByteString value) {}

  public Xattrs {
    list = list.stream().sorted(Comparator.comparing(Xattr::name)).toList();
    for (int i = 1; i < list.size(); i++) {
      if (list.get(i).name().equals(list.get(i - 1).name())) {
        throw new IllegalArgumentException("the attribute " + list.get(i).name() + " twice");
      }
    }
  }

  public static Xattrs of(List<Xattr> list) {
    return list.isEmpty() ? NONE : new Xattrs(list);
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  public Optional<ByteString> get(ByteString name) {
    return list.stream().filter(x -> x.name().equals(name)).map(Xattr::value).findFirst();
  }

  public Xattrs with(ByteString name, ByteString value) {
    List<Xattr> all = new ArrayList<>(without(x -> x.name().equals(name)).list);
    all.add(new Xattr(name, value));
    return new Xattrs(all);
  }

  public Xattrs without(Predicate<Xattr> unwanted) {
    return of(list.stream().filter(unwanted.negate()).toList());
  }
}

package dev.keg.backup.extract;

import dev.keg.backup.tar.Tars;
import dev.keg.backup.tar.Tars.Header;
import java.util.stream.Stream;

/**
 * Malicious archives as bytes, each with its error message. The names are the numbers of the list
 * in which they were collected; tar's own cases are in the tests of the tar reader.
 */
public final class MaliciousArchives {
  private static final String NOT_A_DIRECTORY = "which is not a directory in this archive";

  private MaliciousArchives() {}

  /** An archive, and a part of its error message. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Malicious(String name, byte[] archive, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Tars tar() {
    return new Tars();
  }

  private static Malicious malicious(String name, Tars tar, String message) {
    return new Malicious(name, tar.end().bytes(), message);
  }

  public static Stream<Malicious> all() {
    return Stream.of(ways(), links(), twice()).flatMap(cases -> cases);
  }

  private static Stream<Malicious> ways() {
    return Stream.of(
        malicious("1", tar().file("../x", "evil"), "a name with '..' in it"),
        malicious("2", tar().file("a/../../x", "evil"), "a name with '..' in it"),
        malicious("3", tar().file("/etc/shadow", "evil"), "an absolute name"),
        malicious("4", tar().file("./../x", "evil"), "a name with '..' in it"),
        malicious("4b", tar().file("a//../..//x", "evil"), "a name with '..' in it"),
        malicious(
            "5",
            tar().symlink("l", "/etc").file("l/shadow", "evil"),
            "l/shadow: it lies in l, " + NOT_A_DIRECTORY),
        malicious(
            "6",
            tar().symlink("l", "..").file("l/x", "evil"),
            "l/x: it lies in l, " + NOT_A_DIRECTORY),
        malicious(
            "7",
            tar().symlink("b", "../..").symlink("a", "b").file("a/etc/shadow", "evil"),
            "a/etc/shadow: it lies in a, " + NOT_A_DIRECTORY),
        malicious(
            "7b",
            tar().symlink("l", "..").directory("l/d"),
            "l/d: it lies in l, " + NOT_A_DIRECTORY),
        malicious(
            "7c",
            tar().symlink("l", "..").symlink("l/x", "y"),
            "l/x: it lies in l, " + NOT_A_DIRECTORY),
        malicious(
            "7d",
            tar().symlink("l", "..").add(new Header('6', "l/fifo")),
            "l/fifo: it lies in l, " + NOT_A_DIRECTORY),
        malicious("23", tar().file("", "x"), "an empty name"),
        malicious("23b", tar().file("..", "x"), "a name with '..' in it"),
        malicious("24", tar().pax("path", "../x").file("harmless", "x"), "a name with '..' in it"),
        malicious(
            "36", tar().file("a", "x").file("a/b", "y"), "a/b: it lies in a, " + NOT_A_DIRECTORY));
  }

  private static Stream<Malicious> links() {
    return Stream.of(
        malicious("10", tar().hardLink("a", "/etc/shadow"), "an absolute name"),
        malicious("11", tar().hardLink("a", "../x"), "a name with '..' in it"),
        malicious(
            "12",
            tar().symlink("l", "/etc").hardLink("a", "l/shadow"),
            "a: a hard link to l/shadow, which does not come before it"),
        malicious(
            "12b",
            tar().symlink("l", "..").file("f", "x").hardLink("l/a", "f"),
            "l/a: it lies in l, " + NOT_A_DIRECTORY),
        malicious("13", tar().file("f", "x").hardLink("a", "/f"), "an absolute name"),
        malicious(
            "15",
            tar().hardLink("a", "b").file("b", "x"),
            "a: a hard link to b, which does not come before it"),
        malicious("16", tar().hardLink("a", "a"), "a: a hard link to itself"),
        malicious(
            "long",
            tar().pax("linkpath", "x".repeat(4096)).symlink("l", "y"),
            "l: the target of the link has 4096 bytes, more than 4095"),
        malicious(
            "long name",
            tar().pax("SCHILY.xattr.user." + "x".repeat(300), "1").file("a", "x"),
            "an extended attribute with an impossible name: user."),
        malicious(
            "16b",
            tar().directory("d").hardLink("a", "d"),
            "a: a hard link to d, which is a directory"),
        malicious(
            "24b",
            tar().pax("linkpath", "../x").hardLink("a", "harmless"),
            "a name with '..' in it"));
  }

  private static Stream<Malicious> twice() {
    return Stream.of(
        malicious(
            "9",
            tar().symlink("a", "/etc/shadow").file("a", "evil"),
            "a: the archive contains it twice"),
        malicious("9b", tar().file("a", "x").symlink("a", "y"), "a: the archive contains it twice"),
        malicious(
            "17", tar().symlink("a", "/etc").directory("a"), "a: the archive contains it twice"),
        malicious(
            "17b",
            tar().directory("a").file("a/f", "x").symlink("a", "/etc"),
            "a: the archive contains it twice"),
        malicious("35", tar().file("a", "1").file("a", "2"), "a: the archive contains it twice"),
        malicious("35b", tar().directory("a").directory("a"), "a: the archive contains it twice"),
        malicious("many", many(101), "more than 100 entries"),
        malicious(
            "much",
            tar().add(new Header('0', "a").size(60L << 20)),
            "its files need more than the 52.43MB that there is room for"));
  }

  private static Tars many(int count) {
    Tars tar = tar();
    for (int i = 0; i < count; i++) {
      tar.file("f" + i, "");
    }
    return tar;
  }
}

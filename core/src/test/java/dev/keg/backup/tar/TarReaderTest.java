package dev.keg.backup.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keg.backup.tar.Tars.Header;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.Xattrs;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TarReaderTest {
  private static final String KIB = "k".repeat(1024);

  private static Tars tar() {
    return new Tars();
  }

  private static Header old(String name, String... numbers) {
    Header header = new Header('S', name).gnu();
    for (int i = 0; i < Math.min(8, numbers.length); i++) {
      header.put(386 + 12 * i, numbers[i]);
    }
    return header;
  }

  private static String octal(long number) {
    return "%011o\0".formatted(number);
  }

  /**
   * Builds an archive from commands separated by semicolons: {@code file NAME CONTENT}, {@code
   * directory NAME}, {@code symlink NAME TARGET}, {@code link NAME TARGET}, {@code pax
   * KEY=VALUE...}, {@code global KEY=VALUE...}, {@code record TEXT} (an extended header as it
   * stands), {@code end}. {@code [x]{3}} repeats a text; {@code \n}, {@code \0} and {@code \s} are
   * a newline, a NUL byte and a space.
   */
  private static Tars tar(String script) {
    Tars tar = tar();
    for (String command : script.split(";", -1)) {
      List<String> words =
          Arrays.stream(command.strip().split(" ", -1)).map(TarReaderTest::text).toList();
      String first = words.size() > 1 ? words.get(1) : "";
      String second = words.size() > 2 ? words.get(2) : "";
      String[] pairs =
          words.stream()
              .skip(1)
              .flatMap(pair -> Stream.of(pair.split("=", 2)))
              .toArray(String[]::new);
      switch (words.getFirst()) {
        case "file" -> tar.file(first, second);
        case "directory" -> tar.directory(first);
        case "symlink" -> tar.symlink(first, second);
        case "link" -> tar.hardLink(first, second);
        case "pax" -> tar.pax(pairs);
        case "global" -> tar.global(pairs);
        case "record" -> tar.extended('x', Tars.latin1(first));
        case "end" -> tar.end();
        case "" -> {}
        default -> throw new IllegalArgumentException(command);
      }
    }
    return tar;
  }

  private static String text(String word) {
    return Pattern.compile("\\[(.+?)]\\{(\\d+)}")
        .matcher(word)
        .replaceAll(match -> match.group(1).repeat(Integer.parseInt(match.group(2))))
        .replace("\\n", "\n")
        .replace("\\0", "\0")
        .replace("\\s", " ")
        .replace("\\xff", "\u00ff")
        .replace("\\e", "\u001b");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no entries                    | end                                   | ``
          a file                        | file ./a hello; end                   | a f5 'hello'
          the root                      | directory ./; end                     | . d
          slashes and dots              | file .//a/./b x; end                  | a/b f1 'x'
          a slash for a directory       | directory a/; end                     | a d
          a symbolic link               | symlink l dir//x/; end                | l l->dir//x/
          a hard link                   | link h ./a; end                       | h h->a
          names that are no text        | file \\n\\e[31m\\xff; end                 | \\n\\033[31m\\377 f0 ''
          a pax path                    | pax path=./deep/yes; file a; end      | deep/yes f0 ''
          a pax target                  | pax linkpath=/t; symlink l u; end     | l l->/t
          an empty pax value is none    | pax path=; file a; end                | a f0 ''
          sparse 0.0                    | pax GNU.sparse.size=100 GNU.sparse.numblocks=2 GNU.sparse.offset=0 GNU.sparse.numbytes=1 GNU.sparse.offset=50 GNU.sparse.numbytes=2; file s abc; end | s f100[0+1,50+2] 'abc'
          sparse 0.1                    | pax GNU.sparse.size=100 GNU.sparse.numblocks=2 GNU.sparse.name=real GNU.sparse.map=0,1,50,2; file GNUSparseFile.1/s abc; end | real f100[0+1,50+2] 'abc'
          """)
  void valid(String name, String script, String expected) {
    assertThat(describe(tar(script).bytes())).isEqualTo(expected);
  }

  static Stream<Arguments> valid_headers() {
    return Stream.of(
        arguments("a directory by its slash alone", tar().add(new Header('\0', "a/")).end(), "a d"),
        arguments(
            "without magic", tar().add(new Header('\0', "a").withoutMagic()).end(), "a f0 ''"),
        arguments(
            "contiguous", tar().add(new Header('7', "a"), new byte[] {'x'}).end(), "a f1 'x'"),
        arguments("a prefix", tar().add(new Header('0', "b").put(345, "p/q")).end(), "p/q/b f0 ''"),
        arguments(
            "GNU has times where POSIX has the prefix",
            tar().add(new Header('0', "b").gnu().put(345, "15000000000\0")).end(),
            "b f0 ''"),
        arguments("fifo", tar().add(new Header('6', "p")).end(), "p p"),
        arguments("character device", tar().add(new Header('3', "n").device(1, 3)).end(), "n c1:3"),
        arguments("block device", tar().add(new Header('4', "s").device(8, 0)).end(), "s b8:0"),
        arguments(
            "pax path",
            tar().pax("path", "./deep/" + "x".repeat(200)).file("a", "").end(),
            "deep/" + "x".repeat(200) + " f0 ''"),
        arguments(
            "5,000 bytes of path",
            tar().pax("path", "abcdefghi/".repeat(500) + "z").file("a", "").end(),
            "abcdefghi/".repeat(500) + "z f0 ''"),
        arguments(
            "GNU long name and link",
            tar()
                .extended('L', Tars.latin1("long\0"))
                .extended('K', Tars.latin1("target\0"))
                .add(new Header('2', "lo").gnu().link("ta"))
                .end(),
            "long l->target"),
        arguments(
            "pax before GNU",
            tar().pax("path", "p").extended('L', Tars.latin1("g\0")).file("a", "").end(),
            "p f0 ''"),
        arguments(
            "an archive's label",
            tar().add(new Header('V', "backup")).file("a", "").end(),
            "a f0 ''"),
        arguments(
            "a size of 8 GiB to base 256 of nothing else",
            tar()
                .add(
                    new Header('0', "a")
                        .put(124, new byte[] {-128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}))
                .raw(Tars.latin1("hi"))
                .pad()
                .end(),
            "a f2 'hi'"),
        arguments("one zero block at the end", tar().file("a", "").raw(new byte[512]), "a f0 ''"),
        arguments("padded to a record", tar().file("a", "").end().raw(new byte[8192]), "a f0 ''"),
        arguments(
            "spaces before octal digits",
            tar().add(new Header('0', "a").put(108, "     17\0")).end(),
            "a f0 ''"),
        arguments(
            "old GNU sparse",
            tar()
                .add(
                    old("s", octal(0), octal(2), octal(512), octal(3), octal(9999), octal(0))
                        .size(5)
                        .put(483, octal(9999)))
                .raw(Tars.latin1("abcde"))
                .pad()
                .end(),
            "s f9999[0+2,512+3] 'abcde'"),
        arguments(
            "old GNU sparse, continued",
            tar()
                .add(
                    old(
                            "s", octal(0), octal(1), octal(2), octal(1), octal(4), octal(1),
                            octal(6), octal(1))
                        .size(5)
                        .put(482, "\1")
                        .put(483, octal(99)))
                .raw(Tars.latin1(octal(8) + octal(1)))
                .pad()
                .raw(Tars.latin1("abcde"))
                .pad()
                .end(),
            "s f99[0+1,2+1,4+1,6+1,8+1] 'abcde'"),
        arguments(
            "sparse 1.0, all hole",
            sparse("8589934592", "1\n8589934592\n0\n"),
            "s f8589934592[] ''"),
        arguments(
            "sparse 1.0 with a map of exactly one block",
            // 2 + 51 * (4 + 2) + 51 * 4 = 512
            sparse("10000", "51\n" + areas(51), "z".repeat(51)),
            "s f10000[" + shown(51) + "] '" + "z".repeat(51) + "'"));
  }

  /** Lines of 10 bytes: an offset of four digits, and lengths padded with zeros to four digits. */
  private static String areas(int count) {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < count; i++) {
      map.append(1000 + 2 * i).append(i == count - 1 ? "\n000001\n" : "\n0001\n");
    }
    return map.toString();
  }

  private static String shown(int count) {
    return Stream.iterate(0, i -> i + 1)
        .limit(count)
        .map(i -> (1000 + 2 * i) + "+1")
        .collect(Collectors.joining(","));
  }

  private static Tars sparse(String size, String map, String... content) {
    byte[] lines = Tars.latin1(map);
    byte[] bytes = Arrays.copyOf(lines, lines.length + TarEncoder.padding(lines.length));
    String all = new String(bytes, StandardCharsets.ISO_8859_1) + String.join("", content);
    return tar()
        .pax(
            "GNU.sparse.major",
            "1",
            "GNU.sparse.minor",
            "0",
            "GNU.sparse.name",
            "s",
            "GNU.sparse.realsize",
            size)
        .file("GNUSparseFile.0/s", all)
        .end();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void valid_headers(String name, Tars tar, String expected) {
    assertThat(describe(tar.bytes())).isEqualTo(expected);
  }

  private static String bigNumber(int length, int first) {
    byte[] bytes = new byte[length];
    bytes[0] = (byte) first;
    Arrays.fill(bytes, 1, length, (byte) 0xFF);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ../x                    | file ../x                                                  | `'../x' is refused: a name with '..' in it`
          a/../../x               | file a/../../x                                             | `a name with '..' in it`
          /abs/x                  | file /abs/x                                                | `'/abs/x' is refused: an absolute name`
          ./../x                  | file ./../x                                                | `a name with '..' in it`
          a//../..//x             | file a//../..//x                                           | `a name with '..' in it`
          only ..                 | directory ..                                               | `a name with '..' in it`
          empty name              | file                                                       | `'' is refused: an empty name`
          a root that is a file   | file ./ x                                                  | `a file with a slash at the end`
          a root that is a link   | symlink . x                                                | `a root that is not a directory`
          a file with a slash     | file a/ x                                                  | `a file with a slash at the end`
          256 bytes               | pax path=[x]{256}; file a                                  | `a name of 256 bytes`
          NUL                     | pax path=a\\0b; file a                                      | `a name with a NUL byte in it`
          a long path             | pax path=[a/]{20000}b; file a                              | `a name of 40001 bytes, more than 32768`
          a deep path             | pax path=[a/]{1024}b; file a                               | `a path of 1025 names, more than 1024`
          pax leads out           | pax path=../x; file a                                      | `a name with '..' in it`
          a hard link out         | link h ../x                                                | `a hard link to '../x' is refused: a name with '..' in it`
          an absolute hard link   | link h /etc/shadow                                         | `a hard link to '/etc/shadow' is refused: an absolute name`
          pax linkpath out        | pax linkpath=a/../../x; link h b                           | `a hard link to 'a/../../x' is refused`
          a link to the root      | link h ./                                                  | `a hard link to the root`
          a symlink to nothing    | symlink l                                                  | `a symbolic link to an impossible`
          a symlink with NUL      | pax linkpath=a\\0b; symlink l x                             | `a symbolic link to an impossible name`
          pax size negative       | pax size=-1; file a                                        | `the pax keyword 'size' is not a number: -1`
          pax size 2^63           | pax size=9223372036854775808; file a                       | `the pax keyword 'size' is too large`
          pax size 20 digits      | pax size=99999999999999999999; file a                      | `the pax keyword 'size' is not a number`
          pax size smaller        | pax size=1; file a abc                                     | `a size of 3 in the header and of 1 in the extended header`
          duplicate keyword       | pax path=a path=b; file a                                  | `the pax keyword 'path' twice`
          length too long         | record 99\\spath=a\\n                                        | `length is wrong`
          length too short        | record 7\\spath=a\\n                                         | `length is wrong`
          length 0                | record 0\\spath=a\\n                                         | `length is wrong`
          length overflows        | record 4294967306\\spath=a\\n                                | `a record whose length is not a number`
          no length               | record path=a\\n                                            | `length is not a number`
          no keyword              | record 5\\s=a\\n                                             | `without a keyword`
          no equals               | record 5\\sab\\n                                             | `without a keyword`
          two pax headers         | pax uid=1; pax uid=2; file a                               | `two extended`
          global path             | global path=x; file a                                      | `a global header that sets 'path'`
          global size             | global size=5; file a                                      | `a global header that sets 'size'`
          global xattr            | global SCHILY.xattr.user.a=5; file a                       | `a global header that sets attributes`
          mtime of 100,000 digits | pax mtime=[9]{100000}; file a                              | `a time of 100000 characters`
          mtime NaN               | pax mtime=NaN; file a                                      | `no time: 'NaN'`
          mtime in the far future | pax mtime=[9]{17}; file a                                  | `out of range`
          mtime with exponent     | pax mtime=1e9; file a                                      | `no time: '1e9'`
          uid of no file system   | pax uid=4294967295; file a                                 | `the user id`
          no bytes                | ``                                                         | `the archive is cut off here`
          no end                  | file a x                                                   | `the archive is cut off here`
          two archives            | file a; end; file b; end                                   | `more data after the end`
          pax and no file         | pax uid=1; end                                             | `an extended header without a file`
          sparse of half a block  | pax GNU.sparse.major=1 GNU.sparse.minor=0 GNU.sparse.realsize=1; file s 1\\n | `a sparse map longer than the content`
          sparse 2.0              | pax GNU.sparse.major=2 GNU.sparse.minor=0; file a          | `an unknown version of the sparse format`
          sparse 0.0 out of turn  | pax GNU.sparse.size=1 GNU.sparse.numbytes=1; file a        | `do not alternate`
          sparse 0.1 odd          | pax GNU.sparse.size=9 GNU.sparse.map=1; file a             | `an offset and no length`
          an ACL by name          | pax SCHILY.acl.access=user::rw-\\nuser:joe:rwx\\n; file a    | `an access control entry with a name instead of a number`
          an ACL of nonsense      | pax SCHILY.acl.access=user::rq-\\n; file a                  | `permissions other than rwx`
          """)
  void invalid(String name, String script, String message) {
    refuse(tar(script), message);
  }

  static Stream<Arguments> invalid_headers() {
    return Stream.of(
        arguments(
            "huge pax header",
            tar().add(new Header('x', "x").size(2L << 30)),
            "an extended header of 2147483648 bytes, more than 1048576"),
        arguments(
            "2 GiB long name",
            tar().add(new Header('L', "x").size(2L << 30)),
            "an extended header of 2147483648 bytes"),
        arguments(
            "two long names",
            tar().extended('L', new byte[] {'a'}).extended('L', new byte[] {'b'}).file("a", ""),
            "two long names"),
        arguments(
            "octal garbage", tar().add(new Header('0', "a").put(108, "00x0000\0")), "field uid"),
        arguments(
            "size garbage",
            tar().add(new Header('0', "a").put(124, "99999999999\0")),
            "field size"),
        arguments(
            "negative size to base 256",
            tar().add(new Header('0', "a").put(124, bigNumber(12, 0xFF))),
            "a negative number in the field size"),
        arguments(
            "size beyond 64 bits",
            tar().add(new Header('0', "a").put(124, bigNumber(12, 0xBF))),
            "a number beyond 64 bits in the field size"),
        arguments(
            "wrong checksum",
            tar().file("x", "").add(new Header('0', "a").wrongChecksum()),
            "the checksum of the header is wrong"),
        arguments("no tar at all", tar().raw(Tars.latin1(KIB)), "it is not a tar archive"),
        arguments(
            "half a block",
            tar().end().raw(new byte[0]).raw(new byte[100]).raw(new byte[] {1}),
            "more data"),
        arguments(
            "trailing garbage",
            tar().file("a", "").end().raw(new byte[] {7}),
            "more data after the end"),
        arguments(
            "a continued volume", tar().add(new Header('M', "a")), "an entry of the type 'M'"),
        arguments("a directory dump", tar().add(new Header('D', "a")), "an entry of the type 'D'"),
        arguments(
            "a directory with content",
            tar().add(new Header('5', "a"), new byte[9]),
            "a content of 9 bytes"),
        arguments(
            "a hard link with content",
            tar().add(new Header('1', "a").link("b"), new byte[9]),
            "a content of 9"),
        arguments(
            "a huge device number",
            tar().add(new Header('3', "a").device(70000, 1)),
            "the device number"),
        arguments(
            "sparse overlap",
            sparse("100", "2\n0\n10\n5\n10\n", "x".repeat(20)),
            "data areas that overlap"),
        arguments(
            "sparse beyond the end",
            sparse("100", "1\n99\n2\n", "xx"),
            "beyond the end of the file"),
        arguments(
            "sparse overflow",
            sparse("100", "1\n9223372036854775807\n2\n", "xx"),
            "a sparse map with"),
        arguments(
            "sparse with a million areas",
            sparse("100", "1048577\n"),
            "a sparse map of 1048577 areas"),
        arguments("sparse without numbers", sparse("100", "x\n"), "something that is not a number"),
        arguments("sparse without end", sparse("100", "1\n0"), "something that is not a number"),
        arguments(
            "sparse with too little",
            sparse("100", "1\n0\n9\n", "x"),
            "a sparse map of 9 bytes and a content of 1"),
        arguments(
            "a large attribute",
            tar().pax("SCHILY.xattr.user.a", "v".repeat(65 * 1024)).file("a", ""),
            "the extended attribute user.a has 66560 bytes, more than 65536"),
        arguments(
            "10,000 attributes",
            manyAttributes(10_000).file("a", ""),
            "more than 1024 extended attributes"));
  }

  private static Tars manyAttributes(int count) {
    String[] pairs = new String[2 * count];
    for (int i = 0; i < count; i++) {
      pairs[2 * i] = "SCHILY.xattr.user." + i;
      pairs[2 * i + 1] = "";
    }
    return tar().pax(pairs);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void invalid_headers(String name, Tars tar, String message) {
    refuse(tar, message);
  }

  private static void refuse(Tars tar, String message) {
    boolean atEnd = message.contains("more data") || message.contains("cut off");
    byte[] bytes = atEnd ? tar.bytes() : tar.end().bytes();
    assertThatThrownBy(() -> describe(bytes))
        .isInstanceOf(InvalidArchive.class)
        .hasMessageStartingWith("backup.tar: ")
        .hasMessageContaining(message);
  }

  @Test
  void an_archive_cut_at_any_block_is_refused() {
    byte[] whole =
        tar().pax("mtime", "-4.75").file("a", KIB).directory("d/").file("d/b", "x").end().bytes();
    for (int length = 0; length < whole.length - 512; length += 512) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> describe(cut)).hasMessageContaining("the archive is cut off here");
    }
  }

  @Test
  void a_message_names_the_damaged_file() {
    byte[] whole = tar().file("dir/name", KIB).end().bytes();
    assertThatThrownBy(() -> describe(Arrays.copyOf(whole, 700)))
        .hasMessage("backup.tar: in dir/name, at byte 700: the archive is cut off here");
  }

  @Test
  void attributes_are_bytes() {
    Entry entry =
        first(
            tar()
                .pax(
                    "SCHILY.xattr.user.bin", "\0\u00ff\n=",
                    "SCHILY.xattr.user.a%3Db%25", "v",
                    "SCHILY.xattr.user.empty", "")
                .file("a", "")
                .end());
    assertThat(entry.attributes().xattrs())
        .isEqualTo(
            Xattrs.NONE
                .with(Tars.bytes("user.bin"), Tars.bytes("\0\u00ff\n="))
                .with(Tars.bytes("user.a=b%"), Tars.bytes("v"))
                .with(Tars.bytes("user.empty"), ByteString.EMPTY));
  }

  @Test
  void an_acl_in_text_becomes_the_kernels_attribute() {
    Entry entry =
        first(
            tar()
                .pax(
                    "SCHILY.acl.access",
                    "user::rw-\nother::r--\nuser:1000:rwx\nmask::rwx\ngroup::r--\n\n")
                .file("a", "")
                .end());
    assertThat(entry.attributes().xattrs().get(Xattrs.ACCESS_ACL))
        .contains(
            Tars.bytes(
                "\2\0\0\0"
                    + "\1\0\6\0\u00ff\u00ff\u00ff\u00ff"
                    + "\2\0\7\0\u00e8\3\0\0"
                    + "\4\0\4\0\u00ff\u00ff\u00ff\u00ff"
                    + "\20\0\7\0\u00ff\u00ff\u00ff\u00ff"
                    + " \0\4\0\u00ff\u00ff\u00ff\u00ff"));
  }

  @Test
  void an_acl_that_says_no_more_than_the_mode_is_dropped() {
    Entry entry =
        first(
            tar()
                .pax("SCHILY.acl.access", "user::rw-\ngroup::r--\nother::r--\n")
                .file("a", "")
                .end());
    assertThat(entry.attributes().xattrs()).isEqualTo(Xattrs.NONE);
  }

  @Test
  void a_global_header_gives_values_to_files_that_have_none() {
    Tars tar =
        tar().global("uid", "77", "mtime", "5").file("a", "").pax("uid", "78").file("b", "").end();
    List<Long> owners = new ArrayList<>();
    TarReader reader = reader(tar.bytes());
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      owners.add(entry.get().attributes().uid());
      assertThat(entry.get().attributes().modified().getEpochSecond()).isEqualTo(5);
    }
    assertThat(owners).containsExactly(77L, 78L);
  }

  @Test
  void entries_beyond_the_limit_are_refused() {
    TarLimits few = new TarLimits(1 << 20, 1 << 10, 10, 10, 10, 2);
    Tars tar = tar().file("a", "").file("b", "").file("c", "").end();
    TarReader reader = new TarReader("backup.tar", new ByteArrayInputStream(tar.bytes()), few);
    reader.next();
    reader.next();
    assertThatThrownBy(reader::next).hasMessageContaining("more than 2 entries");
  }

  private static Entry first(Tars tar) {
    return reader(tar.bytes()).next().orElseThrow();
  }

  private static TarReader reader(byte[] bytes) {
    return new TarReader("backup.tar", new ByteArrayInputStream(bytes), TarLimits.FOREIGN);
  }

  private static String describe(byte[] archive) {
    TarReader reader = reader(archive);
    List<String> lines = new ArrayList<>();
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      lines.add(entry.get().path() + " " + describe(entry.get().kind(), reader));
    }
    return String.join("\n", lines);
  }

  private static String describe(FileKind kind, TarReader reader) {
    return switch (kind) {
      case Directory _ -> "d";
      case Fifo _ -> "p";
      case Symlink link -> "l->" + link.target();
      case HardLink link -> "h->" + link.target();
      case Device device -> (device.block() ? "b" : "c") + device.major() + ":" + device.minor();
      case RegularFile file ->
          "f"
              + file.size()
              + (file.hasHoles()
                  ? file.data().stream()
                      .map(e -> e.offset() + "+" + e.length())
                      .collect(Collectors.joining(",", "[", "]"))
                  : "")
              + " '"
              + content(reader)
              + "'";
    };
  }

  private static ByteString content(TarReader reader) {
    ByteString all = ByteString.EMPTY;
    byte[] some = new byte[700];
    for (int n = reader.read(some, 0, 700); n >= 0; n = reader.read(some, 0, 700)) {
      all = all.plus(ByteString.of(some, 0, n));
    }
    return all;
  }
}

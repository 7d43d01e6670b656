package dev.keg.linux.mount;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The kernel's mount table for this process's mount namespace at one moment, in the kernel's order.
 */
public record ProcMounts(List<Mount> mounts) {
  static final Path FILE = Path.of("/proc/self/mountinfo");

  /**
   * The kernel treats names as bytes; this decodes them as the JDK does in a Path, so that both can
   * be compared.
   */
  public static final Charset NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);

  private static final Set<String> OF_SERVERS =
      Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "afs", "lustre", "fuse");

  public ProcMounts {
    mounts = List.copyOf(mounts);
  }

  public static ProcMounts read() throws IOException {
    return read(FILE);
  }

  static ProcMounts read(Path file) throws IOException {
    return parse(Files.readAllBytes(file));
  }

  /**
   * Reads the format of proc_pid_mountinfo(5):
   *
   * <pre>
   * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
   * (1)(2)(3)   (4)   (5)      (6)      (7)   (8) (9)   (10)         (11)
   * </pre>
   *
   * (1) mount ID, (2) parent's ID, (3) device, (4) root within the file system, (5) mount point,
   * (6) options of the mount, (7) zero or more optional fields, (8) their end, (9) type, (10)
   * source, which can be empty, (11) options of the file system. Space, tab, newline and backslash,
   * and also # in the source, are written in octal: {@code \040}.
   */
  public static ProcMounts parse(byte[] text) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : new String(text, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (!line.isEmpty()) {
        mounts.add(line(line));
      }
    }
    return new ProcMounts(mounts);
  }

  private static Mount line(String line) throws IOException {
    List<String> fields = Arrays.asList(line.split(" ", -1));
    int end = fields.indexOf("-");
    if (end < 6 || fields.size() < end + 4) {
      throw new IOException("not a line of mountinfo: " + line);
    }
    try {
      return new Mount(
          Long.parseLong(fields.get(0)),
          Long.parseLong(fields.get(1)),
          fields.get(2),
          name(fields.get(3)),
          name(fields.get(4)),
          options(fields.get(5)),
          fields.subList(6, end),
          name(fields.get(end + 1)),
          name(fields.get(end + 2)),
          options(fields.get(end + 3)));
    } catch (NumberFormatException e) {
      throw new IOException("not a line of mountinfo: " + line, e);
    }
  }

  private static List<String> options(String field) {
    return Arrays.stream(field.split(",")).map(ProcMounts::name).toList();
  }

  private static String name(String field) {
    if (field.indexOf('\\') < 0 && field.chars().allMatch(c -> c < 0x80)) {
      return field;
    }
    var bytes = new ByteArrayOutputStream(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && octal(field, i + 1)) {
        bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(NAMES);
  }

  private static boolean octal(String field, int start) {
    return start + 3 <= field.length()
        && field.substring(start, start + 3).chars().allMatch(c -> c >= '0' && c <= '7');
  }

  /** The mounts on the path, the lowest first; each covers the one before. */
  public List<Mount> at(Path target) {
    String text = target.toString();
    return mounts.stream().filter(mount -> mount.target().equals(text)).toList();
  }

  /**
   * The visible mount on the path: the one that no other mount on the same path covers. The
   * kernel's order does not show this, since a mount can be inserted below another.
   */
  public Optional<Mount> top(Path target) {
    List<Mount> stack = at(target);
    Set<Long> covered = stack.stream().map(Mount::parent).collect(Collectors.toSet());
    return stack.stream()
        .filter(mount -> !covered.contains(mount.id()))
        .reduce((_, later) -> later);
  }

  /** Every mount on the path or below it, in the kernel's order. */
  public List<Mount> below(Path directory) {
    String text = directory.toString();
    String prefix = text.endsWith("/") ? text : text + "/";
    return mounts.stream()
        .filter(mount -> mount.target().equals(text) || mount.target().startsWith(prefix))
        .toList();
  }

  /** Whether the path leads to or through a mount whose server may be unreachable. */
  public boolean leadsToServer(Path path) {
    return mounts.stream()
        .anyMatch(mount -> isOfServer(mount.type()) && path.startsWith(mount.target()));
  }

  private static boolean isOfServer(String type) {
    return OF_SERVERS.contains(type) || type.startsWith("fuse.");
  }

  /**
   * The server of a mount: the part before the directory or share in {@code nas:/srv/data} or
   * {@code //nas/data}; for FUSE, the whole source.
   */
  public static Optional<String> server(Mount mount) {
    if (!isOfServer(mount.type())) {
      return Optional.empty();
    }
    String source = mount.source();
    int end = source.startsWith("//") ? source.indexOf('/', 2) : source.indexOf(":/");
    return Optional.of(end > 0 ? source.substring(0, end) : mount.device());
  }

  /** The mount that holds the path: the nearest one at or above it. */
  public Optional<Mount> holding(Path path) {
    for (Path at = path; at != null; at = at.getParent()) {
      Optional<Mount> mount = top(at);
      if (mount.isPresent()) {
        return mount;
      }
    }
    return Optional.empty();
  }
}

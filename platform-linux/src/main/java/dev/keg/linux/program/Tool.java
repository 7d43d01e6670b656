package dev.keg.linux.program;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One run of an external program.
 *
 * @param arguments never secret, since every user can read them
 * @param input its standard input
 * @param leavesDaemon whether it may leave a daemon that keeps its standard output open; then its
 *     output is read only if it fails
 * @param bytes roughly how many bytes it reads or writes; zero if unknown
 */
public record Tool(
    String program,
    List<String> arguments,
    Input input,
    Duration limit,
    boolean leavesDaemon,
    long bytes) {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("btrfs", "btrfs-progs"),
          Map.entry("btrfstune", "btrfs-progs"),
          Map.entry("cat", "coreutils"),
          Map.entry("chcon", "coreutils"),
          Map.entry("cp", "coreutils"),
          Map.entry("cryptsetup", "cryptsetup-bin"),
          Map.entry("debugfs", "e2fsprogs"),
          Map.entry("dmesg", "util-linux"),
          Map.entry("e2fsck", "e2fsprogs"),
          Map.entry("fallocate", "util-linux"),
          Map.entry("flock", "util-linux"),
          Map.entry("fsfreeze", "util-linux"),
          Map.entry("fstrim", "util-linux"),
          Map.entry("gluster", "glusterfs-cli"),
          Map.entry("mkfs.btrfs", "btrfs-progs"),
          Map.entry("mkfs.ext4", "e2fsprogs"),
          Map.entry("mkfs.exfat", "exfatprogs"),
          Map.entry("mkfs.ntfs", "ntfs-3g"),
          Map.entry("mkfs.vfat", "dosfstools"),
          Map.entry("mkfs.xfs", "xfsprogs"),
          Map.entry("modprobe", "kmod"),
          Map.entry("mount", "mount"),
          Map.entry("mount.ceph", "ceph-common"),
          Map.entry("mount.cifs", "cifs-utils"),
          Map.entry("mount.glusterfs", "glusterfs-client"),
          Map.entry("mount.nfs", "nfs-common"),
          Map.entry("mount.nfs4", "nfs-common"),
          Map.entry("mount.fuse", "fuse3"),
          Map.entry("qemu-img", "qemu-utils"),
          Map.entry("qemu-nbd", "qemu-utils"),
          Map.entry("rbd", "ceph-common"),
          Map.entry("resize2fs", "e2fsprogs"),
          Map.entry("setfattr", "attr"),
          Map.entry("sh", "dash"),
          Map.entry("sync", "coreutils"),
          Map.entry("tune2fs", "e2fsprogs"),
          Map.entry("umount", "mount"),
          Map.entry("setsid", "util-linux"),
          Map.entry("unshare", "util-linux"),
          Map.entry("xfs_db", "xfsprogs"),
          Map.entry("xfs_growfs", "xfsprogs"),
          Map.entry("xfs_repair", "xfsprogs"));

  /** Writes what the program reads from its standard input. */
  @FunctionalInterface
  public interface Input {
    void writeTo(OutputStream stdin) throws IOException;
  }

  public Tool {
    arguments = List.copyOf(arguments);
  }

  public static Tool of(String program, String... arguments) {
    return of(program, List.of(arguments));
  }

  public static Tool of(String program, List<String> arguments) {
    return new Tool(program, arguments, _ -> {}, PATIENCE, false, 0);
  }

  public Tool withInput(Input text) {
    return new Tool(program, arguments, text, limit, leavesDaemon, bytes);
  }

  public Tool withLimit(Duration time) {
    return new Tool(program, arguments, input, time, leavesDaemon, bytes);
  }

  /** The same run without the usual time limit, for work that depends on the amount of data. */
  public Tool patiently() {
    return withLimit(Duration.ofDays(7));
  }

  /** The same with a known amount of data. */
  public Tool patiently(long amount) {
    Tool patient = patiently();
    return new Tool(program, arguments, input, patient.limit, leavesDaemon, amount);
  }

  public Tool leavingDaemon() {
    return new Tool(program, arguments, input, limit, true, bytes);
  }

  /** The programs whose package is known. */
  public static SortedSet<String> known() {
    return new TreeSet<>(PACKAGES.keySet());
  }

  /** The Debian package that contains it. */
  public String debianPackage() {
    return PACKAGES.getOrDefault(program, program);
  }

  /** The command line for messages. */
  @Override
  public String toString() {
    return arguments.isEmpty() ? program : program + " " + String.join(" ", arguments);
  }
}

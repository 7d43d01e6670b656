package dev.keg.linux.image;

import dev.keg.disk.Blank;
import dev.keg.disk.Disk;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Empty disks into which a running machine copies its own: beside it and with its owner and mode,
 * since the machine may write nowhere else. A lock in the home tells a copy in use from one that a
 * killed command left.
 */
record DiskCopies(Kernel kernel) {
  private static final String SUFFIX = ".keg-copy";
  private static final String LOCK = "copy.lock";

  OpenDisk make(DiskFile file, VolumeHome home) throws IOException, ToolException {
    String name = "." + file.path().getFileName() + SUFFIX;
    Path copy = file.path().resolveSibling(name);
    FileChannel lock = lock(file, home);
    try {
      Files.deleteIfExists(copy); // A killed command left it.
      blank(copy, file.format(), Disk.of(file.path(), file.format()).size());
      own(file.path(), copy);
    } catch (IOException | ToolException e) {
      remove(lock, copy);
      throw e;
    }
    String inBackup = String.valueOf(DiskFile.of(home, file.format()).path().getFileName());
    return new OpenDisk(
        file.path().resolveSibling(""),
        new TreeMap<>(Map.of(inBackup, name)),
        () -> FileFailures.run("remove", copy, () -> remove(lock, copy)));
  }

  private static FileChannel lock(DiskFile file, VolumeHome home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.file(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new DiskException(file.path(), "another backup copies it from the running machine");
    }
    return channel;
  }

  private static void remove(FileChannel lock, Path copy) throws IOException {
    try (lock) {
      Files.deleteIfExists(copy);
    }
  }

  private void blank(Path copy, DiskFormat format, Size size) throws IOException, ToolException {
    switch (format) {
      case QCOW2 -> run("qemu-img", "create", "-q", "-f", "qcow2", text(copy), "" + size.bytes());
      case RAW, VHD, VHDX ->
          new DiskWriter(UUID::randomUUID, Clock.systemUTC())
              .blank(copy, new Blank(format, DiskKind.DYNAMIC, size));
      case ISO -> throw new DiskException(copy, "an ISO image is never written");
    }
  }

  private static void own(Path disk, Path copy) throws IOException {
    Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(disk));
    for (String id : List.of("unix:gid", "unix:uid")) {
      Object wanted = Files.getAttribute(disk, id);
      if (!wanted.equals(Files.getAttribute(copy, id))) {
        Files.setAttribute(copy, id, wanted);
      }
    }
  }

  private static String text(Path path) {
    return path.toString();
  }

  private void run(String program, String... words) throws ToolException {
    String _ = kernel.tools().run(Tool.of(program, words).patiently());
  }
}

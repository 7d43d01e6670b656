package dev.keg.linux.image;

import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.Qcow2Header;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Frees space that a disk does not need. In a raw disk, zeros become holes; a qcow2 disk is copied
 * to a draft beside it, which then replaces it.
 */
record Compaction(Kernel kernel, DiskChildren children, Volume volume) {
  private static final String DRAFT = ".keg-compact";

  void of(DiskFile file, VolumeHome home) throws IOException, ToolException, ErrnoException {
    if (ImageOptions.isFixed(volume)) {
      throw new NotSupported(
          "compact", volume.name().text(), "a disk with type=fixed keeps its space");
    }
    if (children.has(file, home)) {
      throw new NotSupported(
          "compact", volume.name().text(), "other volumes are built on its disk");
    }
    if (kernel.mounts().on(home.data()).isPresent()) {
      throw new NotSupported("compact", volume.name().text(), "it is mounted; unmount it first");
    }
    if (file.isEncrypted()) {
      throw new NotSupported(
          "compact",
          volume.name().text(),
          "it is encrypted; blocks that a machine frees are not known");
    }
    QemuLocks.refuseOpen(file.path(), false);
    switch (file.format()) {
      case RAW -> read(file.path(), Tool.of("fallocate", "--dig-holes", file.path().toString()));
      case QCOW2 -> rewrite(file);
      case VHD, VHDX ->
          throw new NotSupported(
              "compact",
              volume.name().text(),
              "a %s disk is compacted on Windows only".formatted(file.format().word()));
      case LUKS, ISO ->
          throw new NotSupported("compact", volume.name().text(), "an ISO image is never written");
    }
  }

  private void rewrite(DiskFile file) throws IOException, ToolException, ErrnoException {
    Path disk = file.path();
    Path draft = disk.resolveSibling("." + disk.getFileName() + DRAFT);
    Files.deleteIfExists(draft); // a killed command may have left it
    try {
      // Writing into an existing file keeps its owner, mode, labels and access lists.
      String _ =
          kernel
              .tools()
              .run(
                  Tool.of(
                      "cp", "--attributes-only", "--preserve=all", "--", "" + disk, "" + draft));
      convert(disk, draft);
      sync(draft, StandardOpenOption.WRITE);
      Files.move(draft, disk, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(disk.resolveSibling(""), StandardOpenOption.READ);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void convert(Path from, Path to) throws IOException, ToolException, ErrnoException {
    Qcow2Header header = Qcow2Header.of(from);
    if (header.snapshots() > 0) {
      throw new DiskException(from, "it has snapshots of its own, which would be lost");
    }
    List<String> words = new ArrayList<>(List.of("convert", "-q", "-f", "qcow2", "-O", "qcow2"));
    words.addAll(List.of("--bitmaps", "-o", "cluster_size=" + header.clusterSize()));
    if (header.backing().isPresent()) {
      DiskChain.Link parent = DiskChain.of(from, DiskFormat.QCOW2).parents().getFirst();
      var format = new DiskFile(parent.file(), parent.disk().format());
      words.addAll(List.of("-B", header.backing().get(), "-F", format.qemuFormat()));
    }
    words.addAll(List.of(from.toString(), to.toString()));
    read(from, Tool.of("qemu-img", words));
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  private void read(Path disk, Tool tool) throws ToolException, ErrnoException {
    String _ = kernel.tools().run(tool.patiently(kernel.files().occupied(disk)));
  }
}

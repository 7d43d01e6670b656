package dev.keg.linux.image;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.DiskContent;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.disk.LinkedParents;
import dev.keg.disk.content.DataPartition;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.filesystem.DiskFileSystem;
import dev.keg.linux.filesystem.DiskFileSystem.NewFileSystem;
import dev.keg.linux.image.DiskSources.Source;
import dev.keg.linux.image.ImageOptions.Shape;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Creates the disk of a new volume in its home. */
final class ImageMaker {
  private static final String DRAFT = "draft.raw";
  private static final String PARTITION = "partition.raw";

  private final Kernel kernel;
  private final VolumeHome home;
  private final String name;
  private final QemuKey key;
  private final DiskWriter writer = new DiskWriter(UUID::randomUUID, Clock.systemUTC());

  /** The name becomes the label of the file system; a key, if any, encrypts the disk. */
  ImageMaker(Kernel kernel, VolumeHome home, String name, QemuKey key) {
    this.kernel = kernel;
    this.home = home;
    this.name = name;
    this.key = key;
  }

  /** Creates a blank disk. */
  void fresh(Shape shape, Optional<DiskFileSystem> fileSystem)
      throws IOException, ToolException, ErrnoException {
    DiskFile file = DiskFile.of(home, shape.format());
    if (shape.format() == DiskFormat.RAW) {
      blank(file.path(), shape.blank());
      make(fileSystem, file.path(), shape.size());
    } else if (fileSystem.isPresent()) {
      Path draft = home.file(DRAFT);
      blank(draft, new BlankDisk(DiskFormat.RAW, DiskKind.FIXED, shape.size()));
      make(fileSystem, draft, shape.size());
      ofRaw(draft, shape);
      Files.delete(draft);
    } else if (shape.isByQemu()) {
      createEmpty(file, shape.size());
    } else {
      blank(file.path(), shape.blank());
    }
    finish(file, shape.kind());
  }

  private void blank(Path file, BlankDisk blank) throws IOException {
    try {
      writer.blank(file, blank);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "cannot create a disk of %s: %s"
              .formatted(blank.size().humanBinary(), FileFailures.reason(e)),
          e);
    }
  }

  private void createEmpty(DiskFile file, Size size) throws ToolException {
    List<String> words = new ArrayList<>(List.of("create", "-q", "-f", file.qemuFormat()));
    words.addAll(key.creating(file.format()));
    words.addAll(List.of(file.path().toString(), Long.toString(size.bytes())));
    String _ = key.run(kernel.tools(), Tool.of("qemu-img", words).patiently());
  }

  private void make(Optional<DiskFileSystem> fileSystem, Path raw, Size size)
      throws IOException, ToolException, ErrnoException {
    if (fileSystem.isEmpty()) {
      return;
    }
    NewFileSystem wanted = NewFileSystem.labelled(name);
    if (!fileSystem.get().isInPartition()) {
      fileSystem.get().make(kernel.tools(), raw, wanted);
      return;
    }
    Path content = home.file(PARTITION);
    blank(content, new BlankDisk(DiskFormat.RAW, DiskKind.FIXED, DataPartition.of(size)));
    fileSystem.get().make(kernel.tools(), content, wanted);
    DataPartition.write(raw, content, kernel.dataOf(content), UUID::randomUUID);
    Files.delete(content);
  }

  /**
   * Copies a disk. The copy shares blocks with the source if the file system supports it, and
   * otherwise keeps holes.
   */
  void copy(Source source, DiskFormat format, DiskKind kind, Size size)
      throws IOException, ToolException, ErrnoException {
    DiskFile file = DiskFile.of(home, format);
    Shape shape = new Shape(format, kind, size);
    boolean grows = size.compareTo(source.disk().size()) > 0;
    boolean fixedSize = format == DiskFormat.VHD || format == DiskFormat.VHDX;
    boolean asItIs =
        source.file().format() == format || (isRaw(source) && format == DiskFormat.RAW);
    if (!key.isNeeded() && asItIs && !(grows && fixedSize)) {
      clone(source.file().path(), file.path());
    } else if (fixedSize) {
      viaRaw(source, shape);
    } else {
      convert(source.file(), file);
    }
    if (grows && !fixedSize) {
      grow(kernel, file, size, key);
    }
    finish(file, kind);
  }

  private static boolean isRaw(Source source) {
    return source.file().qemuFormat().equals("raw");
  }

  private void viaRaw(Source source, Shape shape)
      throws IOException, ToolException, ErrnoException {
    if (isRaw(source)) {
      ofRaw(source.file().path(), shape);
      return;
    }
    DiskFile draft = new DiskFile(home.file(DRAFT), DiskFormat.RAW);
    convert(source.file(), draft);
    ofRaw(draft.path(), shape);
    Files.delete(draft.path());
  }

  /** Creates hard links to the source and its parents, and an overlay on top of them. */
  void overlay(Source source, DiskFormat format, Size size) throws IOException, ToolException {
    DiskFile file = DiskFile.of(home, format);
    Path base = source.file().path();
    if (source.ofVolume()) {
      base = linked(source);
    }
    if (format == DiskFormat.QCOW2) {
      String backing = source.ofVolume() ? String.valueOf(base.getFileName()) : base.toString();
      qemuImg(
          "create",
          "-q",
          "-f",
          "qcow2",
          "-b",
          backing,
          "-F",
          source.file().qemuFormat(),
          file.path().toString(),
          Long.toString(size.bytes()));
    } else if (source.file().format() == format) {
      writer.differencing(file.path(), base);
    } else {
      throw new DiskException(
          base,
          "a %s disk cannot be the backing of a %s disk"
              .formatted(source.file().format().word(), format.word()));
    }
    finish(file);
  }

  private Path linked(Source source) throws IOException {
    Path base = source.file().path();
    try {
      return LinkedParents.into(home.path(), base, source.file().format());
    } catch (FileSystemException e) {
      if (Files.getFileStore(base).equals(Files.getFileStore(home.path()))) {
        throw e;
      }
      throw new DiskException(
          base, "it is on another file system or subvolume than the volumes; copy it with from=");
    }
  }

  /** Copies the disk of another volume; both share the parents by hard links. */
  void twin(VolumeHome source) throws IOException, ToolException, ErrnoException {
    try (var files = Files.list(source.path())) {
      for (Path file : files.toList()) {
        String fileName = String.valueOf(file.getFileName());
        if (fileName.startsWith("base-")) {
          Files.createLink(home.file(fileName), file);
        } else if (fileName.startsWith("disk.")) {
          clone(file, home.file(fileName));
          finish(new DiskFile(home.file(fileName), DiskFormat.RAW));
        }
      }
    }
  }

  /** Copies a disk that depends on no other. */
  void copyAsItIs(DiskFile source) throws IOException, ToolException, ErrnoException {
    DiskFile file = DiskFile.of(home, source.format());
    clone(source.path(), file.path());
    finish(file);
  }

  private void clone(Path from, Path to) throws ToolException, ErrnoException {
    String source = from.toString();
    copy(from, Tool.of("cp", "--reflink=auto", "--sparse=auto", "--", source, to.toString()));
  }

  private void convert(DiskFile from, DiskFile to) throws ToolException, ErrnoException {
    List<String> words = new ArrayList<>(List.of("convert", "-q", "-f", from.qemuFormat()));
    words.addAll(List.of("-O", to.qemuFormat()));
    words.addAll(key.creating(to.format()));
    words.addAll(List.of(from.path().toString(), to.path().toString()));
    copy(from.path(), Tool.of("qemu-img", words));
  }

  private void copy(Path from, Tool tool) throws ToolException, ErrnoException {
    String _ = key.run(kernel.tools(), tool.patiently(kernel.files().occupied(from)));
  }

  private void ofRaw(Path raw, Shape shape) throws IOException, ToolException, ErrnoException {
    DiskFile file = DiskFile.of(home, shape.format());
    if (shape.isByQemu()) {
      convert(new DiskFile(raw, DiskFormat.RAW), file);
    } else {
      writer.filled(file.path(), shape.blank(), new DiskContent(raw, kernel.dataOf(raw)));
    }
  }

  /** Grows a disk; the machine must then grow the file system on it. */
  static void grow(Kernel kernel, DiskFile file, Size size, QemuKey key)
      throws IOException, ToolException {
    if (file.format() == DiskFormat.QCOW2) {
      new DiskBitmaps(kernel.tools()).remove(file);
    }
    if (file.format() == DiskFormat.QCOW2 || key.isNeeded()) {
      List<String> words = new ArrayList<>(List.of("resize", "-q"));
      words.addAll(key.opening(file));
      words.add(Long.toString(size.bytes()));
      String _ = key.run(kernel.tools(), Tool.of("qemu-img", words));
    } else {
      try (RandomAccessFile raw = new RandomAccessFile(file.path().toFile(), "rw")) {
        raw.setLength(size.bytes());
      }
    }
    sync(file);
  }

  /** Allocates the space of a fixed disk now, so that a full host cannot corrupt it later. */
  private void finish(DiskFile file, DiskKind kind) throws IOException, ErrnoException {
    if (kind == DiskKind.FIXED) {
      kernel.fill(file.path());
    }
    finish(file);
  }

  /** Restricts the disk to its owner and syncs it before the volume is published. */
  private static void finish(DiskFile file) throws IOException {
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-------"));
    sync(file);
  }

  private static void sync(DiskFile file) throws IOException {
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private void qemuImg(String... arguments) throws ToolException {
    String _ = kernel.tools().run(Tool.of("qemu-img", arguments).patiently());
  }
}

package dev.keg.linux.loop;

import dev.keg.file.CreationMode;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The image file with a volume's file system. */
record LoopImage(Kernel kernel, Path path) {
  static LoopImage in(VolumeHome home, Kernel kernel) {
    return new LoopImage(kernel, home.file("disk.img"));
  }

  void make() throws IOException {
    Files.createFile(path, CreationMode.ownersFile(path));
  }

  /** Creates it as a copy, which shares blocks if the host's file system supports it. */
  void copyOf(LoopImage other) throws ErrnoException, ToolException, IOException {
    make();
    String source = other.path().toString();
    Tool copy = Tool.of("cp", "--reflink=auto", "--sparse=auto", "--", source, path.toString());
    var _ = kernel.tools().run(copy.patiently(other.allocated()));
  }

  long length() throws IOException {
    return Files.size(path);
  }

  /** Changes its length; {@code full} allocates all blocks. */
  void resize(long length, boolean full) throws ErrnoException, IOException {
    try (Fd file = kernel.files().open(path, OpenMode.READ_WRITE)) {
      if (!full || length < length()) {
        kernel.files().truncate(file, length);
      }
      if (full) {
        kernel.files().allocate(file, length);
      }
    }
    sync();
  }

  /** Syncs it to disk. */
  void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** The space that the image occupies. */
  long allocated() throws ErrnoException {
    return kernel.files().occupied(path);
  }
}

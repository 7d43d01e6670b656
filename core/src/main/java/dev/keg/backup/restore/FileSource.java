package dev.keg.backup.restore;

import dev.keg.backup.archive.index.RangeSource;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.FileFailures;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An archive in a file. */
record FileSource(Path file, FileChannel channel) implements RangeSource {
  static FileSource open(Path file) {
    return new FileSource(
        file,
        FileFailures.translate(
            "open", file, () -> FileChannel.open(file, StandardOpenOption.READ)));
  }

  @Override
  public long length() {
    return FileFailures.translate("read", file, channel::size);
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    FileFailures.run(
        "read",
        file,
        () -> {
          long at = offset;
          while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
              throw new InvalidArchive(file.toString(), "at byte " + at, "it ends too early");
            }
            at += count;
          }
        });
  }

  @Override
  public void close() {
    FileFailures.run("close", file, channel::close);
  }
}

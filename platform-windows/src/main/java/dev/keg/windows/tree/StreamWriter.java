package dev.keg.windows.tree;

import dev.keg.tree.Attributes;
import dev.keg.tree.Losses;
import dev.keg.tree.NewFile;
import dev.keg.tree.TreePath;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.file.OpenStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates the files of a tree that are large streams of others. A thread may write a stream before
 * another thread reaches its file, which then already exists, and is empty.
 */
final class StreamWriter {
  private final TreeStreams streams;
  private final Losses losses;
  private final Set<TreePath> made = ConcurrentHashMap.newKeySet();

  StreamWriter(TreeStreams streams, Losses losses) {
    this.streams = streams;
    this.losses = losses;
  }

  /** Whether the file was created for a stream of it, and not requested since. */
  boolean hasMade(TreePath file) {
    return made.remove(file);
  }

  /** Empty if it exists; a stream that the file system does not accept is lost. */
  Optional<NewFile> create(TreePath path, StreamFile file) {
    streams.requireDirectories(file);
    if (!streams.hasOwner(file)) {
      made.add(file.owner());
    }
    try {
      return streams.create(file).map(stream -> new NewStream(path, file, stream));
    } catch (Win32Exception e) {
      made.remove(file.owner());
      if (Win32Error.isFull(e.code())) {
        throw streams.failure("write", file, e);
      }
      losses.lost(path, "alternate data stream", Win32Error.message(e.code()));
      return Optional.of(new LostFile());
    }
  }

  Optional<NewFile> change(TreePath path, StreamFile file) {
    streams.requireDirectories(file);
    return streams.change(file).map(stream -> new NewStream(path, file, stream));
  }

  boolean exists(StreamFile file) {
    Optional<OpenStream> found = streams.open(file);
    found.ifPresent(OpenStream::close);
    return found.isPresent();
  }

  private interface Step {
    void run() throws Win32Exception;
  }

  /** Closing a stream after writing to it sets the time of its file. */
  private final class NewStream implements NewFile {
    private final TreePath path;
    private final StreamFile file;
    private final OpenStream stream;
    private @Nullable Attributes last;

    NewStream(TreePath path, StreamFile file, OpenStream stream) {
      this.path = path;
      this.file = file;
      this.stream = stream;
    }

    private void run(Step step) {
      try {
        step.run();
      } catch (Win32Exception e) {
        throw streams.failure("write", file, e);
      }
    }

    @Override
    public void write(ByteBuffer from, long position) {
      run(() -> stream.write(from, position));
    }

    @Override
    public void size(long size) {
      run(() -> stream.size(size));
    }

    @Override
    public void finish(Attributes attributes) {
      run(stream::flush);
      last = attributes;
    }

    @Override
    public void close() {
      stream.close();
      if (last != null) {
        try {
          streams.setTime(file, last.modified());
        } catch (IOException e) {
          losses.lost(path, "time", String.valueOf(e.getMessage()));
        }
      }
    }
  }
}

package dev.keg.windows.tree;

import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.Losses;
import dev.keg.tree.NewFile;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates a tree with access control lists and alternate data streams. A stream changes the time of
 * its file, and a list may remove the right to change anything, so the list comes last.
 */
final class WindowsTreeWriter implements TreeWriter {
  private final TreeWriter portable;
  private final FileExtras extras;
  private final Losses losses;
  private final StreamWriter streams;

  WindowsTreeWriter(TreeWriter portable, FileExtras extras, Losses losses) {
    this(portable, extras, losses, new StreamWriter(extras.streams(), losses));
  }

  private WindowsTreeWriter(
      TreeWriter portable, FileExtras extras, Losses losses, StreamWriter streams) {
    this.portable = portable;
    this.extras = extras;
    this.losses = losses;
    this.streams = streams;
  }

  /** Whether Windows does not support the name; then the file is lost, with everything in it. */
  private boolean isLost(TreePath path) {
    Optional<String> why = UsablePaths.whyNot(path);
    why.ifPresent(reason -> losses.lost(path, "all of it", reason));
    return why.isPresent();
  }

  private static boolean isUsable(TreePath path) {
    return UsablePaths.whyNot(path).isEmpty();
  }

  @Override
  public void attributes(TreePath path, FileKind kind, Attributes attributes) {
    if (isUsable(path)) {
      put(path, kind, attributes);
    }
  }

  private void put(TreePath path, FileKind kind, Attributes attributes) {
    boolean link = kind instanceof Symlink;
    Xattrs others = Xattrs.NONE;
    for (Xattr xattr : attributes.xattrs().list()) {
      if (xattr.name().startsWith(ByteString.utf8(TreeStreams.ATTRIBUTE)) && !link) {
        extras
            .streams()
            .write(path, xattr)
            .ifPresent(why -> losses.lost(path, xattr.name().toString(), why));
      } else if (!xattr.name().equals(Xattrs.WINDOWS_DESCRIPTOR)) {
        others = others.with(xattr.name(), xattr.value());
      }
    }
    portable.attributes(path, kind, attributes.withXattrs(others));
    attributes
        .xattrs()
        .get(Xattrs.WINDOWS_DESCRIPTOR)
        .map(descriptor -> extras.restore(path, descriptor))
        .ifPresent(all -> all.forEach(loss -> losses.lost(path, loss.what(), loss.why())));
  }

  @Override
  public Optional<NewFile> file(TreePath path) {
    Optional<StreamFile> stream = StreamFile.of(path);
    if (isLost(stream.map(StreamFile::owner).orElse(path))) {
      return Optional.of(new LostFile());
    }
    if (stream.isPresent()) {
      return streams.create(path, stream.get());
    }
    return portable
        .file(path)
        .or(() -> streams.hasMade(path) ? portable.existing(path) : Optional.empty())
        .map(file -> new WindowsNewFile(path, file));
  }

  @Override
  public Optional<NewFile> existing(TreePath path) {
    Optional<StreamFile> stream = StreamFile.of(path);
    if (!isUsable(stream.map(StreamFile::owner).orElse(path))) {
      return Optional.empty();
    }
    return stream.isPresent()
        ? streams.change(path, stream.get())
        : portable.existing(path).map(file -> new WindowsNewFile(path, file));
  }

  @Override
  public boolean directory(TreePath path) {
    return isLost(path) || portable.directory(path);
  }

  @Override
  public boolean symlink(TreePath path, ByteString target) {
    return isLost(path) || leadsNowhere(path, target) || portable.symlink(path, target);
  }

  /**
   * Whether Windows does not support the target of a Linux link, which may be any text; then the
   * link is lost.
   */
  private boolean leadsNowhere(TreePath path, ByteString target) {
    try {
      Path _ = Path.of(target.utf8());
      return false;
    } catch (CharacterCodingException | InvalidPathException _) {
      losses.lost(path, "all of it", "Windows does not support the target of the link, " + target);
      return true;
    }
  }

  @Override
  public boolean link(TreePath path, TreePath existing) {
    if (!isUsable(existing)) {
      losses.lost(path, "all of it", "a hard link to " + existing + ", which is left out");
      return true;
    }
    return isLost(path) || portable.link(path, existing);
  }

  @Override
  public boolean fifo(TreePath path) {
    return portable.fifo(path);
  }

  @Override
  public boolean device(TreePath path, Device device) {
    return portable.device(path, device);
  }

  @Override
  public boolean exists(TreePath path) {
    Optional<StreamFile> stream = StreamFile.of(path);
    return isUsable(stream.map(StreamFile::owner).orElse(path))
        && stream.map(streams::exists).orElseGet(() -> portable.exists(path));
  }

  @Override
  public void removeXattr(TreePath directory, ByteString name) {
    if (isUsable(directory)) {
      portable.removeXattr(directory, name);
    }
  }

  @Override
  public void remove(TreePath path) {
    Optional<StreamFile> stream = StreamFile.of(path);
    if (isUsable(stream.map(StreamFile::owner).orElse(path))) {
      stream.ifPresentOrElse(extras.streams()::remove, () -> portable.remove(path));
    }
  }

  @Override
  public TreeWriter another() {
    return new WindowsTreeWriter(portable.another(), extras, losses, streams);
  }

  @Override
  public void sync() {
    portable.sync();
  }

  @Override
  public void close() {
    portable.close();
  }

  /** Closing a file after writing to it sets its time, so the attributes are set afterwards. */
  private final class WindowsNewFile implements NewFile {
    private final TreePath path;
    private final NewFile file;
    private @Nullable Attributes last;

    WindowsNewFile(TreePath path, NewFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer from, long position) {
      file.write(from, position);
    }

    @Override
    public void size(long size) {
      file.size(size);
    }

    @Override
    public void finish(Attributes attributes) {
      file.finish(attributes.withXattrs(Xattrs.NONE));
      last = attributes;
    }

    @Override
    public void close() {
      file.close();
      if (last != null) {
        put(path, FileKind.RegularFile.whole(0), last);
      }
    }
  }
}

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree with access control lists and alternate data streams. A stream changes the time of
 * its file, and a list may take the right to change anything, so the list comes last.
 */
final class WindowsTreeWriter implements TreeWriter {
  private final TreeWriter portable;
  private final FileExtras extras;
  private final Losses losses;

  WindowsTreeWriter(TreeWriter portable, FileExtras extras, Losses losses) {
    this.portable = portable;
    this.extras = extras;
    this.losses = losses;
  }

  @Override
  public void attributes(TreePath path, FileKind kind, Attributes attributes) {
    boolean link = kind instanceof Symlink;
    Xattrs others = Xattrs.NONE;
    for (Xattr xattr : attributes.xattrs().list()) {
      if (xattr.name().startsWith(ByteString.utf8(FileExtras.STREAM)) && !link) {
        extras
            .writeStream(path, xattr)
            .ifPresent(why -> losses.lost(path, xattr.name().toString(), why));
      } else if (!xattr.name().equals(Xattrs.WINDOWS_DESCRIPTOR)) {
        others = others.with(xattr.name(), xattr.value());
      }
    }
    portable.attributes(path, kind, attributes.withXattrs(others));
    attributes
        .xattrs()
        .get(Xattrs.WINDOWS_DESCRIPTOR)
        .flatMap(descriptor -> extras.restore(path, descriptor))
        .ifPresent(loss -> losses.lost(path, loss.what(), loss.why()));
  }

  @Override
  public Optional<NewFile> file(TreePath path) {
    return portable.file(path).map(file -> new Made(path, file));
  }

  @Override
  public Optional<NewFile> existing(TreePath path) {
    return portable.existing(path).map(file -> new Made(path, file));
  }

  @Override
  public boolean directory(TreePath path) {
    return portable.directory(path);
  }

  @Override
  public boolean symlink(TreePath path, ByteString target) {
    return portable.symlink(path, target);
  }

  @Override
  public boolean link(TreePath path, TreePath existing) {
    return portable.link(path, existing);
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
    return portable.exists(path);
  }

  @Override
  public void removeXattr(TreePath directory, ByteString name) {
    portable.removeXattr(directory, name);
  }

  @Override
  public void remove(TreePath path) {
    portable.remove(path);
  }

  @Override
  public TreeWriter another() {
    return new WindowsTreeWriter(portable.another(), extras, losses);
  }

  @Override
  public void sync() {
    portable.sync();
  }

  @Override
  public void close() {
    portable.close();
  }

  /** Closing a file that was written to sets its time, so the attributes come after that. */
  private final class Made implements NewFile {
    private final TreePath path;
    private final NewFile file;
    private @Nullable Attributes last;

    Made(TreePath path, NewFile file) {
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
        attributes(path, FileKind.RegularFile.whole(0), last);
      }
    }
  }
}

package dev.keg.copying;

import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates files in a {@link Stage}, whose own attributes stay unchanged. If all files get one
 * owner, they lose attributes that would grant the previous owner's rights or label the previous
 * place: setuid and setgid bits, capabilities, SELinux labels, access control lists of Windows.
 */
public final class CopiedFiles implements TreeWriter {
  private static final ByteString LABEL = ByteString.utf8("security.selinux");
  private static final int SETUID_SETGID = 06000;

  private final TreeWriter writer;
  private final @Nullable Stat owner;
  private final boolean closing;

  private CopiedFiles(TreeWriter writer, @Nullable Stat owner, boolean closing) {
    this.writer = writer;
    this.owner = owner;
    this.closing = closing;
  }

  /** All files keep their owners. */
  public static CopiedFiles keepingOwners(Stage stage) {
    return new CopiedFiles(stage.writer(), null, false);
  }

  /** All files get the owner of this one. */
  public static CopiedFiles ownedAs(Stat owner, Stage stage) {
    return new CopiedFiles(stage.writer(), owner, false);
  }

  private Attributes owned(FileKind kind, Attributes attributes) {
    return owner == null ? attributes : owned(kind, attributes, owner.uid(), owner.gid());
  }

  private static Attributes owned(FileKind kind, Attributes attributes, long uid, long gid) {
    Attributes kept = attributes.withXattrs(attributes.xattrs().without(CopiedFiles::isLabel));
    if (kept.uid() == uid && kept.gid() == gid) {
      return kept;
    }
    boolean directory = kind instanceof FileKind.Directory;
    return kept.withOwner(uid, gid)
        .withMode(directory ? kept.mode() : kept.mode() & ~SETUID_SETGID)
        .withXattrs(kept.xattrs().without(xattr -> xattr.name().equals(Xattrs.CAPABILITY)));
  }

  private static boolean isLabel(Xattr xattr) {
    return xattr.name().equals(LABEL) || xattr.name().equals(Xattrs.WINDOWS_DESCRIPTOR);
  }

  @Override
  public Optional<NewFile> file(TreePath path) {
    return writer.file(path).map(Owned::new);
  }

  @Override
  public Optional<NewFile> existing(TreePath path) {
    return writer.existing(path).map(Owned::new);
  }

  @Override
  public void attributes(TreePath path, FileKind kind, Attributes attributes) {
    if (!path.isRoot()) {
      writer.attributes(path, kind, owned(kind, attributes));
    }
  }

  @Override
  public TreeWriter another() {
    return new CopiedFiles(writer.another(), owner, true);
  }

  @Override
  public boolean directory(TreePath path) {
    return writer.directory(path);
  }

  @Override
  public boolean symlink(TreePath path, ByteString target) {
    return writer.symlink(path, target);
  }

  @Override
  public boolean link(TreePath path, TreePath existing) {
    return writer.link(path, existing);
  }

  @Override
  public boolean fifo(TreePath path) {
    return writer.fifo(path);
  }

  @Override
  public boolean device(TreePath path, Device device) {
    return writer.device(path, device);
  }

  @Override
  public boolean exists(TreePath path) {
    return writer.exists(path);
  }

  @Override
  public void removeXattr(TreePath directory, ByteString name) {
    writer.removeXattr(directory, name);
  }

  @Override
  public void remove(TreePath file) {
    writer.remove(file);
  }

  @Override
  public void sync() {
    writer.sync();
  }

  /** Does nothing, since the stage closes its own writer. */
  @Override
  public void close() {
    if (closing) {
      writer.close();
    }
  }

  private final class Owned implements NewFile {
    private final NewFile file;

    Owned(NewFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer from, long position) {
      file.write(from, position);
    }

    @Override
    public boolean share(OpenFile source) {
      return file.share(source);
    }

    @Override
    public boolean copy(OpenFile source, Extent range) {
      return file.copy(source, range);
    }

    @Override
    public void size(long size) {
      file.size(size);
    }

    @Override
    public void finish(Attributes attributes) {
      file.finish(owned(FileKind.RegularFile.whole(0), attributes));
    }

    @Override
    public void close() {
      file.close();
    }
  }
}

package dev.keg.backup.extract;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.Batches;
import dev.keg.file.Workers;
import dev.keg.tree.Attributes;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.NewFile;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Creates a tree from entries as they arrive. Nobody has checked them before, so every parent must
 * be a directory that this restore created, every hard link must lead to a file that it created,
 * and no name may occur twice. Directories without an entry are created as well.
 */
final class StreamExtraction {
  private static final int PIECE = 256 << 10;
  private static final int DIRECTORY_MODE = 0755;

  /** A directory with its entry, or a default until its own arrives. */
  private record MadeDirectory(Entry entry, boolean own) {}

  private final String archive;
  private final EntrySource source;
  private final ExtractionRequest request;
  private final TreeListener listener;
  private final TreeWriter writer;

  /** The directories created, in the order of a walk. */
  private final TreeMap<TreePath, MadeDirectory> directories = new TreeMap<>();

  private final Set<TreePath> leftOut = new HashSet<>();
  private final byte[] bytes = new byte[PIECE];
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

  /** Each thread writes from its own buffer. */
  private final Batches<ByteBuffer> small;

  private long entries;
  private long content;

  StreamExtraction(
      String archive,
      EntrySource source,
      ExtractionRequest request,
      TreeListener listener,
      TreeWriter writer) {
    this.archive = archive;
    this.source = source;
    this.request = request;
    this.listener = listener;
    this.writer = writer;
    this.small =
        new Batches<>(
            "keg-extract-",
            request.threads(),
            piece,
            work -> work.accept(ByteBuffer.allocateDirect(PIECE)));
  }

  /** Returns whether the root directory was among the entries. */
  boolean run() {
    try (small) {
      makeAll();
      small.settle();
    }
    DirectoryAttributes attributes = new DirectoryAttributes(writer);
    directories.values().forEach(directory -> attributes.directory(directory.entry()));
    attributes.end();
    return directories.containsKey(TreePath.ROOT);
  }

  private void makeAll() {
    for (var next = source.next(); next.isPresent(); next = source.next()) {
      Entry entry = next.get();
      count(entry);
      if (request.wanted().test(entry.path())) {
        KernelLimits.require(archive, entry);
        request
            .trust()
            .admit(entry, listener)
            .ifPresentOrElse(this::make, () -> leftOut.add(entry.path()));
      }
    }
  }

  private void count(Entry entry) {
    if (++entries > request.limits().entries()) {
      throw refused(entry.path(), "more than " + request.limits().entries() + " entries");
    }
    if (entry.kind() instanceof RegularFile file) {
      content += file.stored();
      if (content < 0 || content > request.limits().content().bytes()) {
        throw new InvalidArchive(
            archive,
            entry.path().toString(),
            "its files need more than the "
                + request.limits().content().human()
                + " that there is room for");
      }
    }
  }

  private InvalidArchive refused(TreePath path, String why) {
    return new InvalidArchive(archive, path.toString(), why);
  }

  private void make(Entry entry) {
    TreePath path = entry.path();
    if (entry.kind() instanceof Directory) {
      directory(entry);
      return;
    }
    requireParent(entry);
    switch (entry.kind()) {
      case Directory _ -> {}
      case RegularFile file -> file(entry, file);
      case Symlink link -> special(entry, writer.symlink(path, link.target()));
      case HardLink link -> link(path, link.target());
      case Fifo _ -> special(entry, writer.fifo(path));
      case Device device -> special(entry, writer.device(path, device));
    }
  }

  private void directory(Entry entry) {
    TreePath path = entry.path();
    MadeDirectory before = directories.get(path);
    if (before == null && !path.isRoot()) {
      requireParent(entry);
      require(path, writer.directory(path));
    } else if (before != null && before.own()) {
      throw refused(path, "the archive contains it twice");
    }
    directories.put(path, new MadeDirectory(entry, true));
  }

  /** Creates the parent directories; one without an entry gets the file's owner. */
  private void requireParent(Entry entry) {
    requireParent(entry, entry.path());
  }

  private void requireParent(Entry entry, TreePath of) {
    TreePath parent = entry.path().parent();
    if (parent.isRoot() || directories.containsKey(parent)) {
      return;
    }
    Attributes owner = entry.attributes();
    Entry directory =
        new Entry(
            parent,
            new Directory(),
            new Attributes(
                DIRECTORY_MODE, owner.uid(), owner.gid(), owner.modified(), Xattrs.NONE));
    requireParent(directory, of);
    if (!writer.directory(parent)) {
      throw refused(of, "it lies in " + parent + ", which is not a directory in this archive");
    }
    directories.put(parent, new MadeDirectory(directory, false));
  }

  private void require(TreePath path, boolean made) {
    if (!made) {
      throw refused(
          path, "the archive contains it twice, or under a name that counts as the same here");
    }
  }

  private void special(Entry entry, boolean made) {
    require(entry.path(), made);
    writer.attributes(entry.path(), entry.kind(), entry.attributes());
  }

  private void link(TreePath path, TreePath target) {
    if (path.equals(target)) {
      throw refused(path, "a hard link to itself");
    }
    if (leftOut.contains(target)) {
      leftOut.add(path);
      listener.note(path, Note.LEFT_OUT, "a hard link to " + target + ", which is left out");
      return;
    }
    if (directories.containsKey(target)) {
      throw refused(path, "a hard link to " + target + ", which is a directory");
    }
    if (!writer.exists(target)) {
      throw refused(path, "a hard link to " + target + ", which does not come before it");
    }
    require(path, writer.link(path, target));
  }

  /**
   * Creates the file at once, so that a second one with the name is refused; a small one is filled
   * later.
   */
  private void file(Entry entry, RegularFile kind) {
    if (kind.stored() <= PIECE) {
      byte[] stored = content(entry, (int) kind.stored());
      small.add(new SmallFile(entry, kind, create(entry), stored), stored.length, true);
      return;
    }
    try (NewFile file = create(entry)) {
      long before = 0;
      for (int n = source.read(bytes, 0, PIECE); n >= 0; n = source.read(bytes, 0, PIECE)) {
        StoredFile.write(file, kind, before, piece.clear().put(bytes, 0, n).flip());
        before += n;
        listener.advanced(n);
      }
      finish(file, kind, entry);
    }
  }

  private byte[] content(Entry entry, int length) {
    byte[] stored = new byte[length];
    int done = 0;
    while (done < length) {
      int n = source.read(stored, done, length - done);
      if (n < 0) {
        throw refused(entry.path(), "its content is cut off");
      }
      done += n;
    }
    return stored;
  }

  private NewFile create(Entry entry) {
    Optional<NewFile> made = writer.file(entry.path());
    require(entry.path(), made.isPresent());
    return made.orElseThrow();
  }

  private void finish(NewFile file, RegularFile kind, Entry entry) {
    if (kind.hasHoles()) {
      file.size(kind.size());
    }
    file.finish(entry.attributes());
    listener.finished();
  }

  /** A created file, with the content for any thread to write. */
  private final class SmallFile implements Workers.Task<ByteBuffer> {
    private final Entry entry;
    private final RegularFile kind;
    private final NewFile made;
    private final byte[] stored;

    SmallFile(Entry entry, RegularFile kind, NewFile made, byte[] stored) {
      this.entry = entry;
      this.kind = kind;
      this.made = made;
      this.stored = stored;
    }

    @Override
    public void run(ByteBuffer buffer) {
      try (made) {
        StoredFile.write(made, kind, 0, buffer.clear().put(stored).flip());
        listener.advanced(stored.length);
        finish(made, kind, entry);
      }
    }

    @Override
    public void drop() {
      made.close();
    }
  }
}

package dev.keg.backup.browse;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.RecentFrames;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.replica.StoredArchives;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** A backup whose archive has an index; reads only the pages and frames that are needed. */
final class IndexedTree implements BackupTree {
  /** Changes in another frame often lie between parts of one frame. */
  private static final int FRAMES = 2;

  private final String name;
  private final Archive archive;
  private final ArchiveSources sources;
  private final RecentFrames frames;

  IndexedTree(String name, Archive archive, ArchiveSources sources) {
    this.name = name;
    this.archive = archive;
    this.sources = sources;
    this.frames = new RecentFrames(sources, FRAMES);
  }

  static IndexedTree open(Repository repository, BackupRecord record) {
    StoredArchives objects = StoredArchives.of(repository.store(), record);
    String own = record.own().name().text();
    Archive archive = Archive.open(own, objects);
    return new IndexedTree(
        record.volume().name() + " " + record.id(), archive, new ArchiveSources(archive, objects));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<BackedFile> find(TreePath path) {
    return archive.find(path).map(this::file);
  }

  @Override
  public Iterator<BackedFile> list(TreePath directory, Consumer<InvalidArchive> lost) {
    return files(
        (first, next) ->
            Archive.PageFilter.within(directory).wants(first, next)
                && !isBelowOneChild(directory, first, next),
        path -> !path.isRoot() && path.parent().equals(directory),
        lost);
  }

  @Override
  public Iterator<BackedFile> walk(TreePath from, Consumer<InvalidArchive> lost) {
    return files(Archive.PageFilter.within(from), path -> path.isWithin(from), lost);
  }

  /** Whether all of a page is inside a single subdirectory of the directory. */
  private static boolean isBelowOneChild(
      TreePath directory, TreePath first, Optional<TreePath> next) {
    if (!first.isWithin(directory) || first.equals(directory)) {
      return false;
    }
    TreePath child = first;
    while (!child.parent().equals(directory)) {
      child = child.parent();
    }
    TreePath below = child;
    return !first.equals(child) && next.filter(path -> path.isWithin(below)).isPresent();
  }

  private Iterator<BackedFile> files(
      Archive.PageFilter pages, Predicate<TreePath> wanted, Consumer<InvalidArchive> lost) {
    Iterator<IndexedEntry> all = archive.entries(pages, page -> lost.accept(page.reason()));
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(all, Spliterator.ORDERED), false)
        .filter(indexed -> wanted.test(indexed.entry().path()))
        .map(this::file)
        .iterator();
  }

  private BackedFile file(IndexedEntry indexed) {
    return new BackedFile(
        indexed.entry(),
        new SliceMark(archive.key(), indexed.fingerprint(), indexed.slices(), indexed.content()));
  }

  @Override
  public InputStream read(BackedFile file) {
    if (!(file.mark() instanceof SliceMark mark)
        || !(file.entry().kind() instanceof RegularFile kind)) {
      throw new IllegalArgumentException(file.path() + " has no content");
    }
    // The hash is that of all bytes.
    Optional<FrameHash> hash = mark.content().filter(_ -> mark.slices().size() == 1);
    return new FileContent(kind, mark.slices(), slice -> frames.read(slice, archive.key(), hash));
  }

  @Override
  public void close() {
    try (archive;
        frames) {
      sources.close();
    }
  }
}

package dev.keg.backup.extract;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.LostPage;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.Workers;
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
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates the tree that an index describes, in three passes over the index: directories and files,
 * whose content several threads write; then hard links, whose targets exist by then; then the
 * attributes of directories.
 */
final class IndexedExtraction {
  /** Each thread takes 8 MiB, and most of its time is the kernel's, which makes the files. */
  private static final int MOST_THREADS = 4;

  private final Archive archive;
  private final ExtractionRequest request;
  private final TreeListener listener;
  private final TreeWriter writer;
  private final LiveFiles live;
  private final LostPaths lost = new LostPaths();

  /** A wanted name of a file whose first name is not wanted; it gets the content. */
  private final Map<TreePath, TreePath> standIns = new HashMap<>();

  IndexedExtraction(
      Archive archive, ExtractionRequest request, TreeListener listener, TreeWriter writer) {
    this.archive = archive;
    this.request = request;
    this.listener = listener;
    this.writer = writer;
    live = new LiveFiles(request.live(), archive.key());
  }

  /** The reader and writer of one thread. */
  private record Worker(FrameReader reader, TreeWriter writer) {}

  private Workers<Worker> workers(ArchiveSources sources) {
    return new Workers<>(
        Math.min(request.threads(), MOST_THREADS),
        "keg-restore-",
        work -> {
          try (TreeWriter own = writer.another();
              FrameReader reader = new FrameReader(sources)) {
            work.accept(new Worker(reader, own));
          }
        });
  }

  void run(ArchiveSources sources) {
    try (LiveFiles _ = live;
        Workers<Worker> workers = workers(sources)) {
      TotalsGuard guard = new TotalsGuard(archive, sources.length(), request.limits().ratio());
      SmallFiles small =
          new SmallFiles(
              (frame, parts) -> {
                guard.unpack(frame);
                workers.submit(worker -> write(frame, parts, worker.reader(), worker.writer()));
              });
      Iterator<IndexedEntry> all = entries(workers);
      if (!all.hasNext()) {
        // An empty tree is not a useful remainder of a volume.
        lost.failForPages();
      }
      while (all.hasNext()) {
        IndexedEntry indexed = all.next();
        guard.keep(indexed);
        Optional<Entry> entry = admit(indexed.entry());
        if (entry.isPresent()) {
          if (indexed.slices().size() > 1) {
            indexed.slices().stream().map(Slice::frame).distinct().forEach(guard::unpack);
          }
          make(entry.get(), indexed, small, workers);
        }
      }
      small.end();
      workers.finish();
    }
    eachWanted(this::link);
    DirectoryAttributes attributes = new DirectoryAttributes(writer);
    eachWanted(
        entry -> {
          if (entry.kind() instanceof Directory) {
            attributes.directory(entry);
          }
        });
    attributes.end();
  }

  /** A restore of everything reports all damage, even to data that no file needs. */
  private Iterator<IndexedEntry> entries(Workers<Worker> workers) {
    if (!request.whole()) {
      return archive.entries(request.pages(), this::lost);
    }
    archive.headChecks().forEach(check -> workers.submit(_ -> checkBeside(check)));
    return archive.entries(
        frame -> workers.submit(worker -> checkBeside(() -> worker.reader().read(frame))),
        this::lost);
  }

  /** Entries after the lost page need directories on it, whose attributes are unknown. */
  private void lost(LostPage page) {
    if (!request.keepSound()) {
      page.fail();
    }
    lost.add(page);
    listener.note(page.place().first(), Note.DAMAGED, String.valueOf(page.reason().getMessage()));
    for (TreePath directory : page.directories()) {
      if (request.wanted().test(directory)) {
        require(directory, directory.isRoot() || writer.directory(directory));
        listener.note(directory, Note.DAMAGED, "its owner, mode and times are lost");
      }
    }
  }

  private void checkBeside(Runnable check) {
    try {
      check.run();
    } catch (InvalidArchive e) {
      if (!request.keepSound()) {
        throw e.hinting(
            "the damaged part contains no file data; --skip-damaged restores the files despite it");
      }
      listener.note(TreePath.ROOT, Note.DAMAGED_FOR_TAR, String.valueOf(e.getMessage()));
    }
  }

  private interface Step {
    void take(Entry entry);
  }

  private void eachWanted(Step step) {
    TreeListener deaf = TreeListener.NONE;
    archive
        .entries(request.pages(), request.keepSound() ? _ -> {} : LostPage::fail)
        .forEachRemaining(
            indexed -> {
              if (request.wanted().test(indexed.entry().path())) {
                request.trust().admit(indexed.entry(), deaf).ifPresent(step::take);
              }
            });
  }

  private Optional<Entry> admit(Entry entry) {
    if (!request.wanted().test(entry.path())) {
      return Optional.empty();
    }
    KernelLimits.require(archive.name(), entry);
    Optional<Entry> admitted = request.trust().admit(entry, listener);
    if (admitted.isEmpty()) {
      lost.add(entry.path());
    }
    return admitted;
  }

  private void make(Entry entry, IndexedEntry indexed, SmallFiles small, Workers<Worker> workers) {
    TreePath path = entry.path();
    switch (entry.kind()) {
      case Directory _ -> require(path, path.isRoot() || writer.directory(path));
      case RegularFile file -> file(entry, file, indexed, small, workers);
      case Symlink link -> special(entry, writer.symlink(path, link.target()));
      case Fifo _ -> special(entry, writer.fifo(path));
      case Device device -> special(entry, writer.device(path, device));
      case HardLink link -> standIn(entry, link, small, workers);
    }
  }

  private void special(Entry entry, boolean made) {
    require(entry.path(), made);
    writer.attributes(entry.path(), entry.kind(), entry.attributes());
  }

  private void require(TreePath path, boolean made) {
    if (!made) {
      throw new InvalidArchive(
          archive.name(), path.toString(), "this file system treats two of its names as the same");
    }
  }

  private void file(
      Entry entry,
      RegularFile kind,
      IndexedEntry indexed,
      SmallFiles small,
      Workers<Worker> workers) {
    List<Slice> slices = indexed.slices();
    if (slices.size() == 1) {
      small.add(indexed, entry);
      return;
    }
    NewFile file = create(entry.path(), writer);
    if (slices.isEmpty()) {
      try (file) {
        if (kind.size() > 0) {
          file.size(kind.size());
        }
        file.finish(entry.attributes());
      }
      listener.finished();
      return;
    }
    Map<FrameRef, List<LargeFile.PlacedSlice>> frames = LargeFile.byFrame(slices);
    LargeFile large = new LargeFile(entry, kind, file, frames.size(), live, listener, lost::add);
    frames.forEach(
        (frame, parts) ->
            workers.submit(
                worker ->
                    large.write(
                        frame, parts, request.keepSound(), worker.reader(), worker.writer())));
  }

  private NewFile create(TreePath path, TreeWriter by) {
    Optional<NewFile> file = by.file(path);
    require(path, file.isPresent());
    return file.orElseThrow();
  }

  /** Runs on a worker's thread. */
  private void write(FrameRef frame, List<SmallFiles.Part> all, FrameReader reader, TreeWriter by) {
    Optional<InvalidArchive> damage = Optional.empty();
    for (SmallFiles.Part part : all) {
      if (isLive(part, by)) {
        continue;
      }
      ByteBuffer content;
      try {
        Slice slice = new Slice(frame, part.offset(), part.length());
        content = reader.read(slice, archive.key(), part.hash());
      } catch (InvalidArchive e) {
        listener.note(part.entry().path(), Note.DAMAGED, String.valueOf(e.getMessage()));
        lost.add(part.entry().path());
        damage = Optional.of(e);
        continue;
      }
      write(part, content, by);
    }
    if (!request.keepSound()) {
      damage.ifPresent(
          e -> {
            throw e;
          });
    }
  }

  /** Whether the volume already has the content; if so, writes it. */
  private boolean isLive(SmallFiles.Part part, TreeWriter by) {
    boolean whole = !((RegularFile) part.entry().kind()).hasHoles();
    return whole
        && part.hash()
            .filter(
                hash ->
                    live.give(
                        part.entry().path(),
                        0,
                        part.length(),
                        hash,
                        bytes -> write(part, bytes, by)))
            .isPresent();
  }

  private void write(SmallFiles.Part part, ByteBuffer content, TreeWriter by) {
    RegularFile kind = (RegularFile) part.entry().kind();
    try (NewFile file = create(part.entry().path(), by)) {
      StoredFile.write(file, kind, 0, content);
      if (kind.hasHoles()) {
        file.size(kind.size());
      }
      file.finish(part.entry().attributes());
    }
    listener.advanced(part.length());
    listener.finished();
  }

  /** A hard link to an unwanted file gets its content. */
  private void standIn(Entry entry, HardLink link, SmallFiles small, Workers<Worker> workers) {
    TreePath target = link.target();
    if (request.wanted().test(target) || standIns.containsKey(target) || lost.has(target)) {
      return;
    }
    Optional<IndexedEntry> found = find(target);
    if (lost.has(target)) {
      return;
    }
    IndexedEntry first =
        found.orElseThrow(
            () ->
                new InvalidArchive(
                    archive.name(),
                    entry.path().toString(),
                    "a hard link to " + target + ", which is missing"));
    standIns.put(target, entry.path());
    admit(new Entry(entry.path(), first.entry().kind(), first.entry().attributes()))
        .ifPresent(content -> make(content, first, small, workers));
  }

  /** An unwanted file, whose page was not read with those of the wanted ones. */
  private Optional<IndexedEntry> find(TreePath path) {
    try {
      return archive.find(path);
    } catch (InvalidArchive e) {
      if (!request.keepSound()) {
        throw e;
      }
      listener.note(path, Note.DAMAGED, String.valueOf(e.getMessage()));
      lost.add(path);
      return Optional.empty();
    }
  }

  private void link(Entry entry) {
    if (!(entry.kind() instanceof HardLink link)) {
      return;
    }
    TreePath target = standIns.getOrDefault(link.target(), link.target());
    if (target.equals(entry.path())) {
      return;
    }
    if (lost.has(target)) {
      listener.note(entry.path(), Note.DAMAGED, "a hard link to " + target);
      return;
    }
    require(entry.path(), writer.link(entry.path(), target));
  }
}

package dev.keg.backup.restore;

import dev.keg.backup.archive.LostPage;
import dev.keg.backup.archive.Verification;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.backup.extract.RestoreLimits;
import dev.keg.backup.extract.Selection;
import dev.keg.backup.extract.Trust;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.tar.TarLimits;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.FreeSpace;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Fills the staging directory of a restore with the new tree of the volume. */
final class StagedRestore {
  private static final int NAMED = 20;
  private static final String SKIP =
      "--skip-damaged restores the rest; an earlier backup may have them undamaged";

  private final String operation;
  private final FileTrees trees;
  private final Path live;
  private final RestoreSource source;
  private final RestoreRequest request;
  private final TreeListener listener;
  private final Set<TreePath> lost = ConcurrentHashMap.newKeySet();

  /** The requested paths that a stream has not contained yet. */
  private final Set<TreePath> unseen = new LinkedHashSet<>();

  StagedRestore(
      String operation,
      FileTrees trees,
      Path live,
      RestoreSource source,
      RestoreRequest request,
      TreeListener listener) {
    this.operation = operation;
    this.trees = trees;
    this.live = live;
    this.source = source;
    this.request = request;
    this.listener = TreeComparison.remembering(lost, listener);
    if (!(source instanceof RestoreSource.Indexed)) {
      request.paths().ifPresent(paths -> unseen.addAll(paths.paths()));
    }
  }

  void fill(Path stage) {
    Extraction extraction = new Extraction(trees, stage, extractionRequest(stage), listener);
    switch (source) {
      case RestoreSource.Indexed indexed -> fromIndex(extraction, stage, indexed);
      case RestoreSource.Stream stream ->
          keepRoot(
              stage,
              extraction.fromStream(
                  stream.name(),
                  stream.in(),
                  request.trusted() ? TarLimits.OWN : TarLimits.FOREIGN));
      case RestoreSource.Zip zip -> keepRoot(stage, extraction.fromZip(zip.name(), zip.channel()));
    }
    requireSeen();
    if (request.verify() && source instanceof RestoreSource.Indexed indexed) {
      requireSame(stage, indexed);
    }
    if (request.mode() == Mode.MERGE) {
      new Merging(trees, live, stage, this::isAskedFor, listener.losses()).run();
    }
  }

  /** Keeps the attributes of the volume's root if the archive does not contain it. */
  private void keepRoot(Path stage, boolean isInArchive) {
    if (isInArchive) {
      return;
    }
    try (FileTree tree = trees.read(live);
        TreeWriter writer = trees.write(stage, listener.losses())) {
      tree.stat(TreePath.ROOT)
          .ifPresent(
              stat ->
                  writer.attributes(
                      TreePath.ROOT, new Directory(), stat.attributes(tree.xattrs(TreePath.ROOT))));
    }
  }

  private boolean isAskedFor(TreePath path) {
    return request.paths().map(Selection::paths).stream()
        .allMatch(paths -> paths.stream().anyMatch(path::isWithin));
  }

  private ExtractionRequest extractionRequest(Path stage) {
    boolean indexed = source instanceof RestoreSource.Indexed;
    boolean own = source.trusted() || request.trusted();
    // An index says in advance how much space is needed.
    Size room = indexed ? new Size(Long.MAX_VALUE) : FreeSpace.at(stage);
    return new ExtractionRequest(
        wanted(),
        own ? Trust.OWN : Trust.FOREIGN,
        limits(room),
        request.skipDamaged(),
        request.threads(),
        request.mode() == Mode.REPLACE_CHANGED
            ? Optional.of(() -> trees.read(live))
            : Optional.empty());
  }

  private RestoreLimits limits(Size room) {
    boolean own = source.trusted() || request.trusted();
    return own ? RestoreLimits.own(room) : RestoreLimits.foreign(room);
  }

  private Predicate<TreePath> wanted() {
    if (source instanceof RestoreSource.Indexed) {
      return request.paths().<Predicate<TreePath>>map(paths -> paths).orElse(_ -> true);
    }
    // The content of a stream is not known in advance.
    return request
        .paths()
        .<Predicate<TreePath>>map(
            paths ->
                path -> {
                  unseen.removeIf(path::isWithin);
                  return paths.test(path);
                })
        .orElse(_ -> true);
  }

  private void requireSeen() {
    if (!unseen.isEmpty()) {
      throw failed("no such file in the archive: " + unseen.iterator().next(), null);
    }
  }

  // The stage has its own limit, which the live tree does not count towards.
  private void fromIndex(Extraction extraction, Path stage, RestoreSource.Indexed indexed) {
    requireRoom(
        stage,
        request
            .paths()
            .map(paths -> bytes(indexed, paths))
            .orElse(indexed.archive().totals().bytes()));
    try {
      extraction.fromArchive(indexed.archive(), indexed.sources());
    } catch (InvalidArchive e) {
      throw damaged(indexed, e);
    }
  }

  /** The size of everything below the paths, each of which must exist. */
  private long bytes(RestoreSource.Indexed indexed, Selection wanted) {
    List<TreePath> paths = wanted.paths();
    Set<TreePath> missing = new LinkedHashSet<>(paths);
    long bytes = 0;
    List<LostPage> lost = new ArrayList<>();
    for (Iterator<IndexedEntry> all = indexed.archive().entries(wanted.pages(), lost::add);
        all.hasNext(); ) {
      var entry = all.next().entry();
      missing.remove(entry.path());
      boolean below = paths.stream().anyMatch(entry.path()::isWithin);
      if (below && entry.kind() instanceof RegularFile file) {
        bytes += file.stored();
      }
    }
    for (TreePath path : missing) {
      lost.stream().filter(page -> page.has(path)).findFirst().ifPresent(LostPage::fail);
      throw failed("no such file in the backup: " + path, null);
    }
    return bytes;
  }

  private void requireRoom(Path stage, long bytes) {
    Size room = FreeSpace.at(stage);
    if (bytes > room.bytes()) {
      throw failed(
          "its files need %s, but only %s is free".formatted(new Size(bytes).human(), room.human()),
          "free some space and run it again; nothing was changed");
    }
  }

  private RestoreFailed failed(String why, @Nullable String hint) {
    return new RestoreFailed(operation, request.volume().text(), why, hint);
  }

  /** Names all damaged files, not only the first. */
  private RuntimeException damaged(RestoreSource.Indexed indexed, InvalidArchive found) {
    List<TreePath> files =
        Verification.full(indexed.archive(), indexed.sources(), request.threads()).files();
    List<LostPage> lost = new ArrayList<>();
    indexed.archive().pages(lost::add).forEachRemaining(_ -> {});
    if (!lost.isEmpty()) {
      return failed(
          lost.stream()
              .map(page -> String.valueOf(page.reason().getMessage()))
              .collect(Collectors.joining("; ")),
          SKIP);
    }
    if (files.isEmpty()) {
      return found;
    }
    String names =
        files.stream().limit(NAMED).map(TreePath::toString).collect(Collectors.joining(", "));
    String more = files.size() > NAMED ? " and %d more".formatted(files.size() - NAMED) : "";
    return failed(
        "%d files of the backup are damaged: %s%s (%s)"
            .formatted(files.size(), names, more, found.getMessage()),
        SKIP);
  }

  /** Reads the archive again, and compares it with what was written. */
  private void requireSame(Path stage, RestoreSource.Indexed indexed) {
    List<String> differences =
        TreeComparison.differences(trees, stage, indexed, extractionRequest(stage), lost);
    if (!differences.isEmpty()) {
      throw failed(
          "the restored files differ from the backup: " + String.join("; ", differences),
          "the disk may be failing; the volume is unchanged");
    }
  }
}

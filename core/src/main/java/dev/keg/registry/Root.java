package dev.keg.registry;

import dev.keg.error.InvalidInput.InvalidGroup;
import dev.keg.error.RegistryException.HasOwnVolumes;
import dev.keg.error.RegistryException.PartOfShared;
import dev.keg.file.AtomicFile;
import dev.keg.file.CreationMode;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.pool.Pool;
import dev.keg.registry.pool.RootMarker;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The root directory: created on first use, and refused if a newer Keg has written it. */
final class Root {
  private static final int STRIPE = 0;

  /** The mode that older versions gave to the root and the directory of volumes. */
  private static final Set<PosixFilePermission> OPEN_MODE =
      PosixFilePermissions.fromString("rwx--x--x");

  private static final Set<PosixFilePermission> CLOSED_MODE =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> GROUP_MODE =
      PosixFilePermissions.fromString("rwx--x---");

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("------rwx");

  private final RegistryLayout layout;
  private final RegistryLock lock;
  private final Drafts drafts;
  private final DirectorySync sync;
  private final Consumer<String> notice;
  private final boolean shared;

  /** Whether that was asked for already. */
  private volatile boolean isOwn;

  Root(
      RegistryLayout layout,
      RegistryLock lock,
      Drafts drafts,
      DirectorySync sync,
      Consumer<String> notice,
      boolean shared) {
    this.layout = layout;
    this.lock = lock;
    this.drafts = drafts;
    this.sync = sync;
    this.notice = notice;
    this.shared = shared;
  }

  /** Whether the root exists; one of a newer schema, or of somebody else, is refused. */
  boolean check() {
    Optional<RootMarker> marker = RootMarker.read(layout.marker());
    boolean exists = marker.isPresent() || Files.isDirectory(layout.volumes());
    if (exists) {
      requireOwn();
    }
    if (marker.filter(RootMarker::shared).isPresent() && !shared) {
      throw new PartOfShared(layout.root().toString());
    }
    return exists;
  }

  /** Refuses a root that belongs to somebody else; a missing one is permitted. */
  void requireOwn() {
    if (!isOwn && Files.exists(layout.root())) {
      FileFailures.run("use root", layout.root(), () -> sync.requireOwn(layout.root()));
      isOwn = true;
    }
  }

  /** Creates whatever is missing. Two commands may do so at once: each step is atomic. */
  void make() {
    if (Files.exists(layout.marker())) {
      check();
      FileFailures.run("close root", layout.root(), this::closeToOthers);
      return;
    }
    FileFailures.run("create root", layout.root(), this::makeAll);
  }

  // The marker is written last: until then, the next command creates everything again.
  private void makeAll() throws IOException {
    makeAncestors(layout.root().toAbsolutePath().getParent());
    makeDirectory(layout.root());
    // A killed command may leave an empty root. One with other content belongs to somebody else.
    if (DirectoryEntries.of(layout.root()).isEmpty()) {
      sync.protect(layout.root());
    } else {
      sync.requireOwn(layout.root());
    }
    for (Path directory :
        List.of(
            layout.volumes(),
            layout.containers(),
            layout.staging(),
            layout.trash(),
            layout.locks())) {
      makeDirectory(directory);
    }
    syncParent(layout.root().toAbsolutePath());
    try (var _ = lock.lockStripe(STRIPE)) {
      if (!Files.exists(layout.marker())) {
        mark(List.of());
      }
    }
  }

  /** Records the pools of the root. */
  void mark(List<Pool> pools) throws IOException {
    try (var _ = lock.lockStripe(STRIPE)) {
      mark(new RootMarker(shared, pools));
    }
  }

  private void mark(RootMarker marker) throws IOException {
    AtomicFile.replace(layout.marker(), drafts.draft(STRIPE), marker.bytes(), sync);
  }

  /** Refuses a root with volumes of its own, unless it is part of a shared registry already. */
  void requireShareable() {
    boolean hides =
        FileFailures.translate(
            "share root",
            layout.root(),
            () ->
                !isPart()
                    && !(DirectoryEntries.of(layout.volumes()).isEmpty()
                        && layout.places().pools().isEmpty()));
    if (hides) {
      throw new HasOwnVolumes(layout.root().toString());
    }
  }

  /** Records in the root that it is now part of a shared registry, or no longer. */
  void share(boolean part) {
    FileFailures.run(
        "share root",
        layout.root(),
        () -> {
          if (isPart() != part) {
            try (var _ = lock.lockStripe(STRIPE)) {
              mark(new RootMarker(part, List.of()));
            }
          }
        });
  }

  /** The same for a root without volumes of its own, which may just have left a shared registry. */
  void becomePart() {
    FileFailures.run(
        "share root",
        layout.root(),
        () -> {
          if (!isPart()) {
            try (var _ = lock.lockStripe(STRIPE)) {
              requireShareable();
              mark(new RootMarker(true, List.of()));
            }
          }
        });
  }

  private boolean isPart() {
    return RootMarker.read(layout.marker()).filter(RootMarker::shared).isPresent();
  }

  /**
   * The directories that other users can enter and that the next write closes. An older Keg allowed
   * that, so a user who guessed a volume's name could run its setuid files. Other modes of the root
   * are the operator's choice, since it may contain other files; the directory of volumes belongs
   * to Keg alone.
   */
  List<Path> leftOpen() {
    return FileFailures.translate("examine root", layout.root(), this::findOpen);
  }

  private List<Path> findOpen() throws IOException {
    if (!layout.root().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return List.of();
    }
    List<Path> open = new ArrayList<>();
    if (Files.getPosixFilePermissions(layout.root()).equals(OPEN_MODE)) {
      open.add(layout.root());
    }
    if (!Collections.disjoint(Files.getPosixFilePermissions(layout.volumes()), OTHERS)) {
      open.add(layout.volumes());
    }
    return open;
  }

  private void closeToOthers() throws IOException {
    List<Path> open = findOpen();
    for (Path directory : open) {
      Files.setPosixFilePermissions(directory, CLOSED_MODE);
    }
    if (!open.isEmpty()) {
      notice.accept(
          "other users could pass through %s; its mode is now 0700".formatted(open.getFirst()));
    }
  }

  /** Lets the members of a group access the data of volumes, and nothing else. */
  void openTo(String group) {
    FileFailures.run("open root to group " + group, layout.root(), () -> open(group));
  }

  private void open(String name) throws IOException {
    GroupPrincipal group = group(name);
    boolean changed = false;
    List<Path> directories =
        layout.places().present().stream()
            .flatMap(place -> Stream.of(place.volumes(), place.directory()))
            .toList();
    for (Path directory : directories) {
      PosixFileAttributeView view =
          Files.getFileAttributeView(directory, PosixFileAttributeView.class);
      PosixFileAttributes now = view.readAttributes();
      if (!now.group().equals(group) || !now.permissions().equals(GROUP_MODE)) {
        give(view, directory, group);
        view.setPermissions(GROUP_MODE);
        changed = true;
      }
    }
    if (changed) {
      notice.accept(
          "members of group %s can reach the data in %s; its mode is now 0710"
              .formatted(name, layout.root()));
    }
  }

  private static void give(PosixFileAttributeView view, Path directory, GroupPrincipal group) {
    try {
      view.setGroup(group);
    } catch (IOException e) {
      throw new InvalidGroup(
          "%s cannot belong to %s: %s"
              .formatted(directory, group.getName(), FileFailures.reason(e)),
          "only root can choose a group that you are not a member of");
    }
  }

  private GroupPrincipal group(String name) throws IOException {
    FileSystem files = layout.root().getFileSystem();
    if (!files.supportedFileAttributeViews().contains("posix")) {
      throw new InvalidGroup(
          "files have no group here", "-o grant= gives access to a single volume");
    }
    try {
      return files.getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException _) {
      throw new InvalidGroup(
          "there is no group " + name, "`getent group` lists those of this host");
    }
  }

  private void makeAncestors(@Nullable Path directory) throws IOException {
    if (directory == null || Files.isDirectory(directory)) {
      return;
    }
    makeAncestors(directory.getParent());
    Files.createDirectories(directory);
    syncParent(directory);
  }

  private void syncParent(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      sync.sync(parent);
    }
  }

  /**
   * Creates a directory with these permissions, whatever the umask; an existing one stays
   * unchanged. It never has more permissions than these, even if this process is killed.
   */
  static void makeDirectory(Path directory, String permissions) throws IOException {
    try {
      Files.createDirectory(directory, CreationMode.of(directory, permissions));
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(directory)) {
        return;
      }
      throw e;
    }
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }
  }

  /** The same for a home, through which others reach the data if its own permissions let them. */
  static void makeHome(Path directory) throws IOException {
    makeDirectory(directory, "rwx--x--x");
  }

  /** The same for its owner alone. */
  static void makeDirectory(Path directory) throws IOException {
    makeDirectory(directory, "rwx------");
  }
}

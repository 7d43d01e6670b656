package dev.keg.lifecycle;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.AttachmentHistory;
import dev.keg.attachment.Attachments;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.EmptyName;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.NameTaken;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.RegistryException.NotThisHost;
import dev.keg.error.VolumeException;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.Parallel;
import dev.keg.registry.RegistryEntry;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.usage.PortableTreeScans;
import dev.keg.usage.TreeMeter;
import dev.keg.volume.Host;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The operations on volumes, apart from mounting and backing up. */
public final class Volumes {
  private final Services services;
  private final VolumeRegistry registry;
  private final Attachments attachments;

  public Volumes(Services services) {
    this.services = services;
    this.registry = services.registry();
    this.attachments = services.attachments();
  }

  /** Creates the volume, or returns the existing one of that name if its driver matches. */
  public CreateResult create(VolumeRequest request) {
    return create(request, (_, _) -> {});
  }

  /** Creates the volume if it is new; {@code complete} adds to its home before it is visible. */
  public CreateResult create(VolumeRequest request, BiConsumer<Volume, VolumeHome> complete) {
    registry.openForWriting();
    services.takeBackUnfinished(request.driver());
    try (var _ = registry.lock().lock(request.name())) {
      Optional<Volume> existing = registry.find(request.name());
      return existing.isPresent()
          ? found(existing.get(), request)
          : CreateResult.made(make(request, complete));
    }
  }

  /** Creates the volume if this is the named host; otherwise it must exist on that host. */
  public CreateResult create(VolumeRequest request, String host) {
    CreateResult result =
        services.host().isCalled(host)
            ? create(request)
            : find(request)
                .orElseThrow(
                    () -> new NotThisHost(request.name().text(), host, services.host().name()));
    Host its = result.volume().details().host();
    if (!its.isCalled(host)) {
      throw new NotThisHost(request.name().text(), host, its.name());
    }
    return result;
  }

  /** The existing volume with the requested name. */
  public Optional<CreateResult> find(VolumeRequest request) {
    return registry.openForReading()
        ? registry.find(request.name()).map(volume -> found(volume, request))
        : Optional.empty();
  }

  private CreateResult found(Volume existing, VolumeRequest request) {
    if (!request.driver().isEmpty() && !request.driver().equals(existing.driver())) {
      throw new NameTaken(existing.name().text(), existing.driver());
    }
    Volume known =
        request.driver().isEmpty()
            ? existing
            : registry.catalog().accept(existing, request.options());
    return CreateResult.found(known, registry.layout().places().poolOf(known.name()), request);
  }

  private Volume make(VolumeRequest request, BiConsumer<Volume, VolumeHome> complete) {
    Volume volume = request.volume(services.clock().instant());
    VolumeDriver driver = services.driver("create", volume);
    driver.validate(services.drivers().newOptions(volume));
    PoolName pool = request.pool().orElseGet(() -> services.poolFor(volume));
    return new NewVolume(services, "create", volume, request.ownership(), pool)
        .publish(driver::create, complete);
  }

  public boolean exists(String name) {
    return existing(name).isPresent();
  }

  /** The name of the existing volume that a text identifies, if any. */
  public Optional<VolumeName> existing(String text) {
    return registry.openForReading()
        ? registry.ids().nameOf(text).filter(name -> registry.find(name).isPresent())
        : Optional.empty();
  }

  /**
   * The name of the volume that a text identifies: by its name, its id or the beginning of its id.
   * Empty if the text cannot identify one; other texts may still name a missing volume.
   */
  public Optional<VolumeName> nameOf(String text) {
    return registry.openForReading() ? registry.ids().nameOf(text) : VolumeName.lookup(text);
  }

  public Inspection inspect(String text) {
    requireText(text);
    VolumeName name = nameOf(text).orElseThrow(() -> new NotFound("get", text));
    Volume volume = registry.ids().describe("get", name);
    VolumeHome home = services.home(name);
    // A volume of another system's driver can be inspected, too.
    Optional<VolumeDriver> driver = services.available(volume);
    return new Inspection(
        overview(volume),
        mountpoint(volume),
        driver.map(d -> d.status(volume, home)).orElseGet(TreeMap::new),
        new AttachmentHistory(registry).of(name));
  }

  /** Where the volume's data is or would be visible. */
  public Path mountpoint(Volume volume) {
    VolumeHome home = services.home(volume.name());
    return services
        .available(volume)
        .map(driver -> driver.mountpoint(volume, home))
        .orElse(home.data());
  }

  /** Where the volume's data is visible now, if it is. */
  public Optional<Path> visible(VolumeName name) {
    return registry
        .find(name)
        .filter(_ -> !ArchivedVolume.isIn(services.home(name)))
        .filter(
            volume ->
                services.available(volume).map(driver -> driver.alwaysVisible(volume)).orElse(false)
                    || isMounted(name, mountpoint(volume)))
        .map(this::mountpoint);
  }

  /** A file of the volume's storage: its data if that is visible, otherwise its image or source. */
  public Optional<Path> liesOn(Volume volume) {
    return visible(volume.name()).or(() -> storagePath(volume));
  }

  // Where a mount would be, there is only the directory of the host now.
  private Optional<Path> storagePath(Volume volume) {
    try {
      return services
          .available(volume)
          .map(driver -> driver.storage(volume, services.home(volume.name())).path())
          .filter(path -> !path.equals(mountpoint(volume)));
    } catch (VolumeException _) {
      return Optional.empty(); // it cannot be read, so its storage is unknown
    }
  }

  boolean isMounted(VolumeName name, Path mountpoint) {
    Path volumes = registry.layout().volumes(name);
    return mountpoint.startsWith(volumes)
        && attachments.mounts().inside(name).stream()
            .anyMatch(mount -> mount.target().endsWith(volumes.relativize(mountpoint)));
  }

  /** How much data the volume holds. */
  public Size usage(Volume volume) {
    VolumeDriver driver = services.driver("measure", volume);
    return switch (driver.footprint(volume, services.home(volume.name()))) {
      case Footprint.Image(Size allocated) -> allocated;
      case Footprint.Tree(Path tree) -> TreeMeter.measure(new PortableTreeScans(), tree).size();
    };
  }

  public Listing list(VolumeFilter filter) {
    registry.openForReading();
    List<RegistryEntry> entries =
        Parallel.stream(registry.list())
            .<RegistryEntry>mapMulti((entry, found) -> let(entry, filter).ifPresent(found))
            .toList();
    List<Volume> volumes = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>();
    for (RegistryEntry entry : entries) {
      // Not a switch over types: its first use generates a class, which takes longer than a short
      // list.
      if (entry instanceof RegistryEntry.Broken broken) {
        problems.add(broken.problem());
      } else if (entry instanceof RegistryEntry.Intact intact) {
        volumes.add(intact.volume());
      }
    }
    return new Listing(volumes, problems);
  }

  // A filter may need the holders, whose records may be damaged.
  private Optional<RegistryEntry> let(RegistryEntry entry, VolumeFilter filter) {
    if (!(entry instanceof RegistryEntry.Intact(Volume volume))) {
      return Optional.of(entry);
    }
    try {
      return filter.matches(overview(volume)) ? Optional.of(entry) : Optional.empty();
    } catch (VolumeException e) {
      return Optional.of(new RegistryEntry.Broken(volume.name().text(), e));
    }
  }

  /** The names of all volumes, including damaged ones, without opening them. */
  public List<VolumeName> names() {
    registry.openForReading();
    return registry.names();
  }

  /** The facts that filters need beyond a volume's description. */
  public VolumeFilter.Context filterContext() {
    return new VolumeFilter.Context(
        services.clock(),
        name -> registry.ids().nameOf(name).flatMap(registry::find).map(Volume::created));
  }

  /** Who holds the volume now. */
  public List<Attachment> holders(VolumeName name) {
    return attachments.current(name);
  }

  /** The volume with its derived facts. */
  public Overview overview(Volume volume) {
    return new Overview(services, volume);
  }

  /** Removes the volume and its data, unless somebody holds it; adopted data stays. */
  public void remove(String text, Removal.Mode mode) {
    remove(text, mode, Removal.Adopted.KEEP, Removal.OwnSnapshots.REFUSE);
  }

  /** Removes the volume unless somebody holds it; adopted data and snapshots as chosen. */
  public void remove(
      String text, Removal.Mode mode, Removal.Adopted adopted, Removal.OwnSnapshots snapshots) {
    requireText(text);
    Optional<VolumeName> name = nameOf(text);
    boolean known = registry.openForReading() && name.isPresent();
    if (known) {
      registry.openForWriting();
      services.takeBackUnfinished(name.get());
      try (var _ = registry.lock().lock(name.get())) {
        known = removal().remove(name.get(), mode, adopted, snapshots);
      }
    }
    if (!known && mode != Removal.Mode.FORCE) {
      throw new NotFound("get", text);
    }
  }

  /** Removes the volume if it passes the test under the volume's lock; false if not. */
  public boolean removeIf(VolumeName name, Removal.Mode mode, Predicate<Volume> test) {
    registry.openForWriting();
    try (var _ = registry.lock().lock(name)) {
      return registry.find(name).filter(test).isPresent()
          && removal().remove(name, mode, Removal.Adopted.KEEP, Removal.OwnSnapshots.REFUSE);
    }
  }

  private Removal removal() {
    return new Removal(services);
  }

  public Pruning pruning() {
    return new Pruning(this, services);
  }

  /** Changes the volume's description; its data and its holders stay unchanged. */
  public Volume update(String text, VolumeChange change) {
    VolumeName name = registry.openFor("update", text);
    try (var _ = registry.lock().lock(name)) {
      Volume volume = registry.ids().describe("update", name);
      // The registry may already know something that this host does not.
      boolean known =
          change.of(volume).equals(volume)
              && registry.catalog().own(volume).map(own -> change.of(own).equals(own)).orElse(true);
      return known ? volume : services.replace(volume, change::of);
    }
  }

  /** Renames the volume, unless somebody holds it. */
  public void rename(String from, String to) {
    VolumeName newName = VolumeName.forNew("rename", to);
    VolumeName oldName = registry.openFor("rename", from);
    try (var _ = registry.lock().lock(oldName, newName)) {
      Volume volume = registry.get("rename", oldName);
      if (volume.anonymous()) {
        throw new NotSupported(
            "rename", from, "the volume is anonymous; only a named volume can be renamed");
      }
      if (registry.find(newName).isPresent()) {
        throw new AlreadyExists("rename", from, to);
      }
      removal().requireUnused("rename", volume);
      MoveJournal.requireHere("rename", oldName, services.home(oldName));
      MoveJournal.rename(registry, oldName, newName);
      // The id of a volume described by an older version depends on its name until it is written.
      if (!volume.details().host().isKnown()) {
        services.replace(volume, UnaryOperator.identity());
      }
      registry.rename(oldName, newName);
    }
  }

  /** Unmounts a volume; refuses one that is in use, or that others are built on. */
  public void release(String operation, Volume volume) {
    removal().release(operation, volume);
  }

  /** Refuses a volume that is in use, or that others are built on. */
  public void requireUnused(String operation, Volume volume) {
    removal().requireUnused(operation, volume);
  }

  /** The volumes that are built on this one. */
  public List<String> dependents(VolumeName name) {
    return removal().dependents(name);
  }

  private static void requireText(String name) {
    if (name.isEmpty()) {
      throw new EmptyName();
    }
  }
}

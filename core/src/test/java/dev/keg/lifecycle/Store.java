package dev.keg.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.NoMounts;
import dev.keg.cloning.Cloning;
import dev.keg.driver.DriverContext;
import dev.keg.driver.Drivers;
import dev.keg.driver.Secrets;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.VolumeException;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.Place;
import dev.keg.snapshot.Snapshotting;
import dev.keg.tree.PortableFileTrees;
import dev.keg.tuning.FakeTuner;
import dev.keg.tuning.Tuned;
import dev.keg.tuning.Tuner;
import dev.keg.tuning.Tunings;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A root as one process sees it, composed as by the command line. */
public record Store(
    VolumeRegistry registry,
    Attachments attachments,
    Volumes volumes,
    Sizes sizes,
    Cloning cloning,
    Snapshotting snapshots,
    Tunings tunings) {
  public static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  /** A new process. */
  public static Store open(Path root) {
    return open(root, new FakeTuner());
  }

  /** A new process on a machine with these settings. */
  public static Store open(Path root, Tuner tuner) {
    var registry =
        new VolumeRegistry(
            new RegistryLayout(root), DirectorySync.FSYNC, RandomGenerator.getDefault(), _ -> {});
    var attachments = new Attachments(registry, NoMounts::new);
    var drivers =
        new Drivers(
            List.of(LocalDriver.directoriesOnly(), new GrowingDriver().factory()),
            new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    Services services = new Services(registry, attachments, drivers, clock, Secrets.NONE);
    return new Store(
        registry,
        attachments,
        new Volumes(services),
        new Sizes(services),
        new Cloning(services, new PortableFileTrees()),
        new Snapshotting(services, new PortableFileTrees()),
        new Tunings(services, tuner));
  }

  public Path home(String name) {
    return registry.layout().home(new VolumeName(name)).path();
  }

  private static void fail(VolumeException problem) {
    throw problem;
  }

  /** All volumes. */
  public Listing list() {
    return volumes.list(VolumeFilter.forList(FilterArguments.NONE, volumes.filterContext()));
  }

  /** Creates a volume with a file in a directory of its own. */
  public void fill(String name) throws IOException {
    volumes.create(VolumeRequest.named(new VolumeName(name)));
    Path directory = Files.createDirectory(home(name).resolve("_data/directory"));
    Files.writeString(directory.resolve("file"), "data of " + name);
  }

  /** The description and content of each volume as text; unreadable volumes are a failure. */
  public SortedMap<String, String> content() throws IOException {
    Listing listing = list();
    if (!listing.problems().isEmpty()) {
      throw new AssertionError(listing.problems().toString(), listing.problems().getFirst());
    }
    var content = new TreeMap<String, String>();
    for (var volume : listing.volumes()) {
      content.put(
          volume.name().text(),
          "%s %s %s %s %s %s %s %s holders=%s tuning=%s data=%s"
              .formatted(
                  registry.layout().places().poolOf(volume.name()),
                  volume.driver(),
                  volume.options().map(),
                  volume.labels().map(),
                  volume.created(),
                  volume.details().description(),
                  volume.details().protection().text(),
                  volume.details().updated(),
                  attachments.recorded(volume.name()),
                  tunings.look(volume, Optional.empty()).stream().map(Tuned::kept).toList(),
                  tree(home(volume.name().text()).resolve("_data"))));
      for (var snapshot : registry.snapshots().list(volume.name(), Store::fail)) {
        Path data = registry.snapshots().home(volume.name(), snapshot.name()).data();
        content.put(snapshot.toString(), snapshot.created() + " " + tree(data));
      }
    }
    return content;
  }

  /** Describes the volume in the format of the first release. */
  public void downgrade(String name) throws IOException {
    Files.writeString(
        home(name).resolve("volume.json"),
        "{\"schema\":1,\"created\":\"%s\",\"driver\":\"local\",\"labels\":{\"tier\":\"old\"},"
                .formatted(NOW)
            + "\"options\":{}}\n");
  }

  /** The id of the volume with this name. */
  public VolumeId id(String name) {
    return registry.get("get", new VolumeName(name)).details().id();
  }

  /** The content of staging and trash. */
  public List<String> leftovers() throws IOException {
    List<String> leftovers = new ArrayList<>();
    for (Place place : registry.layout().places().present()) {
      for (Path directory : List.of(place.staging(), place.trash())) {
        DirectoryEntries.of(directory).forEach(path -> leftovers.add(path.toString()));
      }
    }
    return leftovers;
  }

  private static String tree(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      var words = new TreeMap<String, String>();
      for (Path path : paths.toList()) {
        words.put(
            directory.relativize(path).toString(),
            Files.isDirectory(path) ? "" : new String(Files.readAllBytes(path), UTF_8));
      }
      return words.toString();
    }
  }
}

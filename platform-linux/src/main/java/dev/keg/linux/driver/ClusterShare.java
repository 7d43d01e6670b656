package dev.keg.linux.driver;

import dev.keg.driver.Clones;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Resizes;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.AtomicFile;
import dev.keg.file.SmallFile;
import dev.keg.file.TreeDeletion;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A directory of a cluster file system, given by option {@code path}, which the cluster can limit
 * and snapshot. A clone is a sibling directory with the name of the new volume: it is filled under
 * a unique temporary name, and then renamed.
 */
public abstract class ClusterShare extends ShareDriver implements Resizes, Snapshots, Clones {
  public static final OptionDescriptor SIZE =
      new OptionDescriptor("size", "SIZE", "limit of the directory (a quota of the file system)");

  /** The prefix of every name that Keg creates in the cluster for itself. */
  private static final String OWN = "keg-";

  private static final String PATH = "path";
  private static final String COPYING = "copying";

  private final List<OptionDescriptor> descriptors;

  protected ClusterShare(
      Kernel kernel, List<OptionDescriptor> descriptors, Function<DriverOptions, Share> shares) {
    super(kernel, shares);
    this.descriptors = List.copyOf(descriptors);
  }

  /** Refuses a limit of zero, which the cluster would treat as no limit. */
  public static void check(DriverOptions options) {
    if (options.has(SIZE.key()) && options.size(SIZE.key()).orElse(Size.ZERO).bytes() == 0) {
      throw options.invalid(SIZE.key(), "more than 0");
    }
  }

  /** The cluster's name for the snapshot in a staged home; unique, because the home's name is. */
  protected static String clusterName(VolumeHome staged) {
    return OWN + String.valueOf(staged.path().getFileName()).replace('.', '-');
  }

  protected final DriverOptions options(Volume volume) {
    return DriverOptions.of(volume.name(), volume.options(), descriptors);
  }

  protected static Path path(Volume volume) {
    return Path.of("/").resolve(volume.options().text(PATH).orElse("/")).normalize();
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return super.storage(volume, home).limitedBy(volume.options());
  }

  /** The options with a new size, which must be positive. */
  protected static Options resized(Volume volume, Size size) {
    if (size.bytes() == 0) {
      throw new NotSupported(
          "resize", volume.name().text(), "a limit of 0 is no limit; give a larger size");
    }
    return volume.options().with(SIZE.key(), Long.toString(size.bytes()));
  }

  @Override
  public boolean areOnServer(Volume volume) {
    return true;
  }

  @Override
  public boolean leavesTraces(Volume volume) {
    return true;
  }

  @Override
  public Options optionsOfClone(Volume source, VolumeName copy) {
    return source.options().with(PATH, path(source).resolveSibling(copy.text()).toString());
  }

  /**
   * Runs the work on the data of a volume, or of a snapshot in a home.
   *
   * @param live where the volume's data is now
   * @param reader a unique name for this reading
   */
  protected abstract void read(Volume volume, VolumeHome home, Path live, String reader, Work work)
      throws ErrnoException, ToolException, IOException;

  /** Cleans up after a {@link #read} that may have been killed. */
  protected void endRead(Path live, String reader) throws IOException {}

  @Override
  public void cloneFrom(Volume source, VolumeHome home, CreateRequest request) {
    Volume copy = request.volume();
    Path from = path(source);
    if (from.getFileName() == null) {
      throw new NotSupported(
          "clone",
          source.name().text(),
          "it is the whole file system; a volume with -o path=DIRECTORY can be cloned");
    }
    DriverOperation operation = new DriverOperation("clone", copy.name());
    new DataDirectory(copy.name(), request.home()).create(Ownership.DEFAULT);
    operation.run(
        () ->
            AtomicFile.writeNew(
                request.home().file(COPYING),
                from.getFileName().toString().getBytes(StandardCharsets.UTF_8)));
    try {
      during(
          operation,
          "cannot copy " + from,
          parentShare(copy),
          request.home(),
          parent -> {
            Path to = parent.resolve(copy.name().text());
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
              throw new IOException(path(copy) + " exists in the cluster; choose another name");
            }
            Path draft = draft(copy, parent);
            read(
                source,
                home,
                parent.resolve(from.getFileName()),
                name(copy),
                data -> FaithfulCopy.within(parent, data, draft.getFileName()));
            Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
          });
    } catch (RuntimeException e) {
      DriverOperation.undo(e, () -> takeBack(copy, request.home()));
      throw e;
    }
    operation.run(() -> Files.delete(request.home().file(COPYING)));
  }

  /** The parent directory of the volume's directory. */
  private Share parentShare(Volume volume) {
    return share(
        options(
            new Volume(
                volume.name(),
                volume.driver(),
                volume.options().with(PATH, String.valueOf(path(volume).getParent())),
                volume.labels(),
                volume.created())));
  }

  private static Path draft(Volume copy, Path parent) {
    return parent.resolve("." + name(copy));
  }

  private static String name(Volume copy) {
    return OWN + copy.details().id().text();
  }

  /** Deletes what an incomplete clone left in the cluster. */
  @Override
  public void takeBack(Volume volume, VolumeHome home) {
    DriverOperation operation = new DriverOperation("create", volume.name());
    unmount(volume, home);
    Optional<String> source =
        operation.get(
            () ->
                Files.exists(home.file(COPYING))
                    ? Optional.of(
                        new String(SmallFile.read(home.file(COPYING)), StandardCharsets.UTF_8))
                    : Optional.empty());
    if (source.isPresent()) {
      during(
          operation,
          "cannot delete the copy",
          parentShare(volume),
          home,
          parent -> {
            endRead(parent.resolve(source.get()), name(volume));
            Path draft = draft(volume, parent);
            if (Files.exists(draft, LinkOption.NOFOLLOW_LINKS)) {
              TreeDeletion.deleteIn(parent, draft.getFileName());
            }
          });
    }
  }
}

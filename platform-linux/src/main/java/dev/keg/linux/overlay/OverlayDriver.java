package dev.keg.linux.overlay;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.Dependents;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.MountRequest;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.driver.Snapshots;
import dev.keg.driver.Storage;
import dev.keg.driver.VolumeDriver;
import dev.keg.driver.VolumeDriver.Footprint;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.Privileges;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.tree.Xattrs;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Mounts an overlay whose lower layer is another volume. */
public final class OverlayDriver implements VolumeDriver, Snapshots {
  private static final List<OptionDescriptor> OPTIONS =
      List.of(
          new OptionDescriptor("lower", "VOLUME", "the volume to start from; required")
              .reaching(Reach.DATA));

  private static final String UPPER = "upper";
  private static final String WORK = "work";

  private static final FileTrees TREES = new LinuxFileTrees();

  private final DataMount mount;
  private final OverlaySnapshots snapshots;
  private final VolumeHomes homes;

  private OverlayDriver(Kernel kernel, VolumeHomes homes) {
    this.mount = new DataMount(kernel);
    this.snapshots = new OverlaySnapshots(kernel);
    this.homes = homes;
  }

  /** The driver's factory; the function opens the kernel that the driver uses. */
  public static DriverFactory factory(Function<DriverContext, Kernel> kernel) {
    return new DriverFactory(
        "overlay",
        "a copy of another volume that stores only the differences",
        OPTIONS,
        context -> new OverlayDriver(kernel.apply(context), context.homes()));
  }

  @Override
  public void validate(DriverOptions options) {
    var _ = lower(options);
  }

  private VolumeName lower(DriverOptions options) {
    String text = options.require("lower");
    return VolumeName.lookup(text)
        .filter(name -> homes.find(name).isPresent())
        .filter(name -> !name.equals(options.volume()))
        .orElseThrow(() -> options.invalid("lower", "another existing volume"));
  }

  @Override
  public List<VolumeName> builtOn(Volume volume) {
    return volume.options().text("lower").flatMap(VolumeName::lookup).stream().toList();
  }

  @Override
  public void create(CreateRequest request) {
    VolumeHome home = request.home();
    VolumeName name = request.volume().name();
    VolumeName lower = lower(request.options());
    Path data =
        homes
            .data(lower)
            .orElseThrow(
                () ->
                    new InvalidOption(
                        name.text(),
                        "its lower volume " + lower + " is not mounted",
                        "mount it first and keep it mounted: keg mount " + lower));
    new DataDirectory(name, home).create(Ownership.DEFAULT);
    new DriverOperation("create", name)
        .run(
            "cannot build on volume " + lower,
            () -> {
              Path upper = Files.createDirectory(home.file(UPPER));
              inherit(data, upper);
              DataDirectory.own(upper, asIn(data, request.ownership()));
              Files.createDirectory(home.file(WORK));
              new Dependents(homes.find(lower).orElseThrow()).add(home, name);
            });
  }

  // The root of an overlay takes its owner, mode, ACL and other attributes from the upper
  // directory. Overlayfs stores its own attributes under these names.
  private static void inherit(Path lower, Path upper) {
    try (FileTree source = TREES.read(lower);
        TreeWriter copy = TREES.write(upper, (_, _, _) -> {})) {
      Xattrs kept =
          source
              .xattrs(TreePath.ROOT)
              .without(
                  xattr ->
                      xattr.name().startsWith(ByteString.utf8("trusted.overlay."))
                          || xattr.name().startsWith(ByteString.utf8("user.overlay.")));
      source
          .stat(TreePath.ROOT)
          .ifPresent(
              stat ->
                  copy.attributes(TreePath.ROOT, new FileKind.Directory(), stat.attributes(kept)));
    }
  }

  // The merged directory takes its owner and mode from the upper one.
  private static Ownership asIn(Path lower, Ownership wanted) throws IOException {
    int uid = (int) Files.getAttribute(lower, "unix:uid");
    int gid = (int) Files.getAttribute(lower, "unix:gid");
    int mode = (int) Files.getAttribute(lower, "unix:mode") & 07777;
    return new Ownership(
        OptionalLong.of(wanted.uid().orElse(Integer.toUnsignedLong(uid))),
        OptionalLong.of(wanted.gid().orElse(Integer.toUnsignedLong(gid))),
        OptionalInt.of(wanted.mode().orElse(mode)));
  }

  @Override
  public void remove(Volume volume, VolumeHome home) {
    mount.takeDown(new DriverOperation("remove", volume.name()), home);
  }

  @Override
  public Path mount(MountRequest request) {
    DriverOperation operation = new DriverOperation("mount", request.volume().name());
    VolumeHome home = request.home();
    if (!mount.isMounted(operation, home)) {
      var _ = new DataDirectory(request.volume().name(), home).require("mount");
      mount.mount(operation, home, overlay(data(operation, request.options()), home));
    }
    return home.data();
  }

  private Path data(DriverOperation operation, DriverOptions options) {
    VolumeName lower = lower(options);
    return homes
        .data(lower)
        .orElseThrow(
            () ->
                operation.failed(
                    "its lower volume " + lower,
                    "it is not mounted",
                    "mount it first: keg mount " + lower,
                    null));
  }

  private static FileSystemMount overlay(Path lower, VolumeHome home) {
    return new FileSystemMount(
        "overlay",
        "overlay",
        Set.of(),
        layers(
            FileSystemOption.of("lowerdir", escaped(lower)),
            FileSystemOption.of("upperdir", escaped(home.file(UPPER))),
            FileSystemOption.of("workdir", escaped(home.file(WORK)))));
  }

  private static List<FileSystemOption> layers(FileSystemOption... directories) {
    List<FileSystemOption> options = new ArrayList<>(List.of(directories));
    // Only root of the initial namespace may set the attributes that overlayfs uses by default.
    if (!Privileges.inInitialNamespace()) {
      options.add(FileSystemOption.flag("userxattr"));
    }
    return options;
  }

  // A colon separates lower directories.
  private static String escaped(Path path) {
    return path.toString().replace("\\", "\\\\").replace(":", "\\:");
  }

  @Override
  public void unmount(Volume volume, VolumeHome home) {
    mount.takeDown(new DriverOperation("unmount", volume.name()), home);
  }

  @Override
  public void snapshot(Volume volume, VolumeHome home, VolumeHome snapshot) {
    snapshots.make(
        new DriverOperation("snapshot create", volume.name()),
        home.file(UPPER),
        snapshot.file(UPPER));
  }

  @Override
  public Shown show(MountRequest request) {
    DriverOperation operation = new DriverOperation("show", request.volume().name());
    Path lower = data(operation, request.options());
    String both = escaped(request.home().file(UPPER)) + ":" + escaped(lower);
    return snapshots.show(operation, layers(FileSystemOption.of("lowerdir", both)));
  }

  /** The differences from the lower volume. */
  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return Storage.fileSystem("overlay", home.data());
  }

  @Override
  public Footprint footprint(Volume volume, VolumeHome home) {
    return new Footprint.Tree(home.file(UPPER));
  }
}

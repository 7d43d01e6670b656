package dev.keg.linux;

import dev.keg.activity.DeviceLog;
import dev.keg.activity.Devices;
import dev.keg.attachment.MountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.MountPower;
import dev.keg.driver.VolumePlugins;
import dev.keg.driver.local.LocalDriver;
import dev.keg.file.DirectorySync;
import dev.keg.linux.bind.BindDriver;
import dev.keg.linux.cephfs.CephFsDriver;
import dev.keg.linux.cifs.CifsDriver;
import dev.keg.linux.device.KernelLog;
import dev.keg.linux.device.LinuxDevices;
import dev.keg.linux.device.LinuxTuner;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.gluster.GlusterDriver;
import dev.keg.linux.image.ImageDriver;
import dev.keg.linux.kernel.SocketPeer;
import dev.keg.linux.local.LinuxLocalMounts;
import dev.keg.linux.loop.LoopDriver;
import dev.keg.linux.mount.DockerDaemon;
import dev.keg.linux.mount.LinuxMountTable;
import dev.keg.linux.nfs.NfsDriver;
import dev.keg.linux.overlay.OverlayDriver;
import dev.keg.linux.plugin.LinuxPlugins;
import dev.keg.linux.plugin.PluginDriver;
import dev.keg.linux.program.InstalledTools;
import dev.keg.linux.publish.LinuxPublisher;
import dev.keg.linux.rbd.RbdDriver;
import dev.keg.linux.tmpfs.TmpfsDriver;
import dev.keg.linux.tree.LinuxDirectorySync;
import dev.keg.linux.tree.LinuxFileTrees;
import dev.keg.linux.tree.LinuxTreeScans;
import dev.keg.platform.Platform;
import dev.keg.platform.SystemInfo;
import dev.keg.publish.Publisher;
import dev.keg.tree.FileTrees;
import dev.keg.tuning.Tuner;
import dev.keg.usage.TreeScans;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The Linux platform. */
public final class LinuxPlatform implements Platform {
  private static final int STANDARD_INPUT = 0;

  @Override
  public String name() {
    return "Linux";
  }

  @Override
  public boolean runsOn(String osName) {
    return osName.equals("Linux");
  }

  @Override
  public SystemInfo info(Map<String, String> environment) {
    return LinuxInfo.read(environment);
  }

  @Override
  public List<DriverFactory> drivers() {
    Function<DriverContext, Kernel> kernel = Kernel::open;
    return List.of(
        LocalDriver.mountingBy(context -> new LinuxLocalMounts(kernel.apply(context))),
        BindDriver.factory(kernel),
        CephFsDriver.factory(kernel),
        CifsDriver.factory(kernel),
        GlusterDriver.factory(kernel),
        ImageDriver.factory(kernel),
        LoopDriver.factory(kernel),
        NfsDriver.factory(kernel),
        OverlayDriver.factory(kernel),
        PluginDriver.factory(kernel),
        RbdDriver.factory(kernel),
        TmpfsDriver.factory(kernel));
  }

  @Override
  public VolumePlugins plugins(Map<String, String> environment, Consumer<String> debug) {
    return new LinuxPlugins(environment, Kernel::open, debug);
  }

  @Override
  public MountTable mountTable() {
    return new LinuxMountTable();
  }

  @Override
  public Optional<String> askingEngine() {
    OptionalLong process = SocketPeer.process(STANDARD_INPUT);
    return process.isPresent()
        ? new DockerDaemon().identify(process.getAsLong())
        : Optional.empty();
  }

  @Override
  public Publisher publisher(DriverContext context) {
    return new LinuxPublisher(Kernel.open(context));
  }

  @Override
  public Set<MountPower> mountPowers() {
    return EnumSet.allOf(MountPower.class);
  }

  @Override
  public FileTrees trees() {
    return new LinuxFileTrees();
  }

  @Override
  public DirectorySync directorySync() {
    return new LinuxDirectorySync();
  }

  @Override
  public Devices devices() {
    return new LinuxDevices();
  }

  @Override
  public Tuner tuner(Consumer<String> debug) {
    return new LinuxTuner(Kernel.mounts(debug));
  }

  @Override
  public DeviceLog deviceLog(Map<String, String> environment) {
    return new KernelLog(new InstalledTools(environment, _ -> {}));
  }

  @Override
  public TreeScans scans() {
    return new LinuxTreeScans();
  }
}

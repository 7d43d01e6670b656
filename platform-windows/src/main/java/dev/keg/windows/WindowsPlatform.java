package dev.keg.windows;

import dev.keg.activity.Devices;
import dev.keg.attachment.MountTable;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.local.LocalDriver;
import dev.keg.file.DirectorySync;
import dev.keg.machine.RunningMachine;
import dev.keg.platform.Platform;
import dev.keg.platform.SystemInfo;
import dev.keg.publish.Publisher;
import dev.keg.tree.FileTrees;
import dev.keg.windows.bind.BindDriver;
import dev.keg.windows.device.WindowsDevices;
import dev.keg.windows.driver.GrantOptions;
import dev.keg.windows.hcs.HcsMachine;
import dev.keg.windows.local.GrantedDirectories;
import dev.keg.windows.publish.ContainerSite;
import dev.keg.windows.publish.WindowsPublisher;
import dev.keg.windows.smb.SmbDriver;
import dev.keg.windows.temp.TempDriver;
import dev.keg.windows.tree.WindowsFileTrees;
import dev.keg.windows.vhdx.VhdxDriver;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.system.SystemDlls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Windows platform. */
public final class WindowsPlatform implements Platform {
  private final Set<ContainerSite> refused = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "Windows";
  }

  @Override
  public boolean runsOn(String osName) {
    return osName.startsWith("Windows");
  }

  /** Runs no program. */
  @Override
  public SystemInfo info(Map<String, String> environment) {
    return new SystemInfo(
        System.getProperty("os.name"),
        "Windows NT %s %s"
            .formatted(System.getProperty("os.version"), System.getProperty("os.arch")),
        Optional.empty(),
        List.of());
  }

  @Override
  public List<DriverFactory> drivers() {
    return List.of(
        LocalDriver.withAccess(GrantOptions.KNOWN, new GrantedDirectories(SystemDlls::new)),
        BindDriver.factory(),
        SmbDriver.factory(SystemDlls::new),
        TempDriver.factory(SystemDlls::new),
        VhdxDriver.factory(SystemDlls::new));
  }

  @Override
  public MountTable mountTable() {
    return new WindowsMountTable();
  }

  @Override
  public Publisher publisher(DriverContext context) {
    Path links =
        Path.of(context.environment().getOrDefault("ProgramData", "C:\\ProgramData"), "keg-links");
    return new WindowsPublisher(new Windows(new SystemDlls(), context.debug()), links, refused);
  }

  @Override
  public FileTrees trees() {
    return new WindowsFileTrees(SystemDlls::new);
  }

  @Override
  public Devices devices() {
    return new WindowsDevices();
  }

  @Override
  public DirectorySync directorySync() {
    return new WindowsDirectories();
  }

  @Override
  public Optional<RunningMachine> machine(String kind, String id) {
    return kind.equals("hcs")
        ? Optional.of(new HcsMachine(new Windows(new SystemDlls()).systems(), id))
        : Optional.empty();
  }
}

package dev.keg.windows.hcs;

import dev.keg.machine.RunningMachine;
import dev.keg.windows.WindowsHost;
import dev.keg.windows.win32.SystemDlls;
import dev.keg.windows.win32.Windows;
import java.util.Optional;

/** Finds machines of the Host Compute Service. */
public final class HcsMachines implements RunningMachine.Provider {
  @Override
  public String kind() {
    return "hcs";
  }

  @Override
  public Optional<String> unavailable() {
    return WindowsHost.unavailable();
  }

  @Override
  public RunningMachine open(String id) {
    return new HcsMachine(new Windows(new SystemDlls()).systems(), id);
  }
}

package dev.keg.linux;

import dev.keg.driver.DriverContract;
import dev.keg.driver.FakeWorld;
import dev.keg.linux.kernel.FakeKernel;
import java.util.List;

/** The driver contract on a fake kernel. */
public abstract class LinuxDriverContract extends DriverContract {
  protected final FakeKernel fake = new FakeKernel();

  @Override
  protected final FakeWorld world() {
    return fake;
  }

  /** The calls so far that change mounts, with the root's path left out. */
  protected final List<String> mountCalls() {
    return fake.journal.stream()
        .filter(call -> !call.startsWith("open ") && !call.startsWith("openat2 "))
        .map(call -> call.replace(root.toString(), "ROOT"))
        .toList();
  }
}

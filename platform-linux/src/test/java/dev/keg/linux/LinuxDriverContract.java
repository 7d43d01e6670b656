package dev.keg.linux;

import dev.keg.driver.DriverContract;
import dev.keg.driver.FakeWorld;
import dev.keg.linux.kernel.FakeKernel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The driver contract on a fake kernel. */
public abstract class LinuxDriverContract extends DriverContract {
  protected final FakeKernel fake = new FakeKernel();

  @Override
  protected final FakeWorld world() {
    return fake;
  }

  /** The valid options with further ones, as keys and values. */
  protected final Map<String, String> with(String... more) {
    Map<String, String> options = new HashMap<>(options());
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  /** The same with one option in the form {@code KEY=VALUE}. */
  protected final Map<String, String> withOption(String option) {
    int end = option.indexOf('=');
    return with(option.substring(0, end), option.substring(end + 1));
  }

  /** The calls so far that change mounts, without the root's path. */
  protected final List<String> mountCalls() {
    return fake.journal.stream()
        .filter(call -> !call.startsWith("open ") && !call.startsWith("openat2 "))
        .map(call -> call.replace(root.toString(), "ROOT"))
        .toList();
  }
}

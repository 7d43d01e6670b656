package dev.keg.linux;

import java.io.IOException;
import java.util.List;

/** The contract of every driver that mounts a server's share through a helper program. */
public abstract class ShareDriverContract extends LinuxDriverContract {
  /** The runs of {@code mount} for a volume with this option, in the form {@code KEY=VALUE}. */
  protected final List<String> mountsWith(String option) throws IOException {
    mount(create("db", withOption(option)));
    return mountCalls().stream().filter(call -> call.startsWith("mount ")).toList();
  }
}

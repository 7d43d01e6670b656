package dev.keg.linux;

import java.io.IOException;
import java.util.List;

/** What every driver does that lets a helper program mount a share of a server. */
public abstract class ShareDriverContract extends LinuxDriverContract {
  /** The runs of {@code mount} for a volume with this option, as {@code KEY=VALUE}. */
  protected final List<String> mountsWith(String option) throws IOException {
    mount(create("db", withOption(option)));
    return mountCalls().stream().filter(call -> call.startsWith("mount ")).toList();
  }
}

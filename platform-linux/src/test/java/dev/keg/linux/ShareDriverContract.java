package dev.keg.linux;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What every driver does that lets a helper program mount a share of a server. */
public abstract class ShareDriverContract extends LinuxDriverContract {
  /** The runs of {@code mount} for a volume with this option, as {@code KEY=VALUE}. */
  protected final List<String> mountsWith(String option) throws IOException {
    int end = option.indexOf('=');
    Map<String, String> options = new HashMap<>(options());
    options.put(option.substring(0, end), option.substring(end + 1));
    mount(create("db", options));
    return mountCalls().stream().filter(call -> call.startsWith("mount ")).toList();
  }
}

package dev.keg.driver.local;

import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.volume.Size;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Remembers its mounts, and fails on request. */
final class FakeLocalMounts implements LocalMounts, FakeWorld {
  final List<String> calls = new ArrayList<>();
  final Set<String> helpers = new HashSet<>();
  boolean quotas;

  private final Faults faults = new Faults();
  private final TreeMap<String, String> mounted = new TreeMap<>();
  private final TreeMap<String, Size> limits = new TreeMap<>();

  private void call(String call) throws Refused {
    calls.add(call);
    if (faults.hit()) {
      throw new Refused("operation not permitted", "ask somebody who may", null);
    }
  }

  @Override
  public void mount(MountCall call, Path target) throws Refused {
    call(call.describe(target.toString()));
    if (call.kind() == MountCall.Kind.MOUNT) {
      mounted.put(target.toString(), call.source());
    } else if (!mounted.containsKey(target.toString())) {
      throw new Refused("invalid argument", null, null);
    }
  }

  @Override
  public boolean hasHelper(String type) {
    return helpers.contains(type);
  }

  @Override
  public void mountByHelper(String type, String device, String options, Path target)
      throws Refused {
    call("mount -t " + type + " -o " + options + " " + device + " " + target);
    mounted.put(target.toString(), device);
  }

  @Override
  public void unmount(Path directory) throws Refused {
    call("unmount " + directory);
    mounted.remove(directory.toString());
  }

  @Override
  public boolean isMounted(Path directory) {
    return mounted.containsKey(directory.toString());
  }

  @Override
  public void requireAnswer(Path directory) throws Refused {
    call("statfs " + directory);
  }

  @Override
  public String resolve(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }

  @Override
  public boolean hasQuotas(Path directory) {
    return quotas;
  }

  @Override
  public void limit(Path directory, Size size) throws Refused {
    call("limit " + directory + " " + size.bytes());
    limits.put(directory.toString(), size);
  }

  @Override
  public void shareLimit(Path limited, Path directory) throws Refused {
    call("share limit of " + limited + " with " + directory);
  }

  @Override
  public boolean shareOneLimit(Path directory, Path other) {
    return calls.contains("share limit of " + other + " with " + directory);
  }

  @Override
  public void unlimit(Path directory) throws Refused {
    call("unlimit " + directory);
    limits.remove(directory.toString());
  }

  @Override
  public SortedSet<String> standing() {
    return new TreeSet<>(mounted.keySet());
  }

  @Override
  public Faults faults() {
    return faults;
  }
}

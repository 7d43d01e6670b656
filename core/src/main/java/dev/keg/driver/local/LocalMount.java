package dev.keg.driver.local;

import dev.keg.volume.Options;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The mount that the options of a local volume describe. */
record LocalMount(String type, String device, String options) {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

  /** The options do not describe a mount; the message is docker's. */
  static final class Unusable extends Exception {
    Unusable(String why) {
      super(why);
    }
  }

  /** Finds the address of a host. */
  @FunctionalInterface
  interface Resolver {
    String resolve(String host) throws UnknownHostException;
  }

  static LocalMount of(Options options) throws Unusable {
    String device =
        options.text("device").orElseThrow(() -> new Unusable("missing device in volume options"));
    return new LocalMount(options.text("type").orElse(""), device, options.text("o").orElse(""));
  }

  /**
   * Replaces host names by addresses, since the kernel does not resolve names: in {@code addr=} of
   * nfs and cifs or, if that has no name, in the device of cifs. Never in the device of nfs.
   */
  LocalMount resolved(Resolver resolver) throws Unusable {
    if (!type.equals("nfs") && !type.equals("cifs")) {
      return this;
    }
    String address = MountOptions.value(options, "addr").orElse("");
    if (!address.isEmpty() && !IPV4.matcher(address).matches()) {
      return withAddress(address, lookUp(resolver, address));
    }
    return type.equals("cifs") ? withDeviceResolved(resolver) : this;
  }

  private LocalMount withAddress(String name, String address) {
    List<String> words = new ArrayList<>(Arrays.asList(options.split(",", -1)));
    words.set(words.indexOf("addr=" + name), "addr=" + address);
    return new LocalMount(type, device, String.join(",", words));
  }

  private LocalMount withDeviceResolved(Resolver resolver) throws Unusable {
    try {
      CifsDevice url = CifsDevice.parse(device);
      if (url.host().isEmpty() || isAddress(url.host())) {
        return this;
      }
      String resolved = url.withHost(lookUp(resolver, url.host()));
      return new LocalMount(type, CifsDevice.unescape(resolved), options);
    } catch (CifsDevice.Malformed e) {
      throw new Unusable("error parsing mount device url: " + e.getMessage());
    }
  }

  private static boolean isAddress(String host) {
    return IPV4.matcher(host).matches() || host.indexOf(':') >= 0;
  }

  private static String lookUp(Resolver resolver, String host) throws Unusable {
    try {
      return resolver.resolve(host);
    } catch (UnknownHostException _) {
      throw new Unusable(
          "error resolving passed in network volume address: lookup " + host + ": no such host");
    }
  }

  /**
   * The calls of mount(2), in docker's order. The first one mounts. A second one sets the
   * propagation, which cannot be combined with other flags, and a third one makes a bind mount
   * read-only, because binding ignores other flags. For the device {@code none} without data,
   * docker skips the first call and mounts nothing; Keg makes the call.
   */
  List<MountCall> calls() {
    MountOptions parsed = MountOptions.parse(options);
    long flags = parsed.flags() & ~MountOptions.PROPAGATION;
    List<MountCall> calls = new ArrayList<>();
    if (!parsed.has(MountOptions.MS_REMOUNT) || !parsed.data().isEmpty()) {
      calls.add(new MountCall(MountCall.Kind.MOUNT, device, type, flags, parsed.data()));
    }
    if ((parsed.flags() & MountOptions.PROPAGATION) != 0) {
      long kept = MountOptions.PROPAGATION | MountOptions.MS_REC | MountOptions.MS_SILENT;
      calls.add(new MountCall(MountCall.Kind.REMOUNT, "", "", parsed.flags() & kept, ""));
    }
    if (parsed.has(MountOptions.MS_BIND | MountOptions.MS_RDONLY)) {
      calls.add(
          new MountCall(
              MountCall.Kind.REMOUNT_READ_ONLY, "", "", flags | MountOptions.MS_REMOUNT, ""));
    }
    return calls;
  }

  /** The mount in words, without secrets. */
  @Override
  public String toString() {
    return List.of(type, device, Options.masked(options)).stream()
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }
}

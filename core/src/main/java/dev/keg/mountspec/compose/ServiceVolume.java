package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.MachineMount;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.mountspec.MountConfig;
import dev.keg.mountspec.MountConfig.BindPart;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.Extras;
import dev.keg.mountspec.MountConfig.ImagePart;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.mountspec.MountConfig.VolumePart;
import dev.keg.mountspec.ShortSpec;
import dev.keg.volume.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One entry of a service's {@code volumes:}, as {@code SOURCE:TARGET:MODE} or field by field. The
 * source of a volume is still its name in the file.
 */
final class ServiceVolume {
  private final YamlPlace place;
  private final ComposeContext around;

  private ServiceVolume(YamlPlace place, ComposeContext around) {
    this.place = place;
    this.around = around;
  }

  static MountConfig read(YamlPlace place, ComposeContext around) {
    ServiceVolume volume = new ServiceVolume(place, around);
    if (place.isText()) {
      return volume.shortForm();
    }
    if (place.isFields()) {
      return volume.longForm();
    }
    throw place.wrong("must be a string or a mapping");
  }

  private MountConfig shortForm() {
    String text = place.text();
    try {
      ShortSpec spec = ShortSpec.parse(text);
      String source = spec.hasPath() ? around.absolute(spec.source()) : spec.source();
      return around.specs().config(new ShortSpec(source, spec.target(), spec.mode()));
    } catch (InvalidSpec e) {
      throw e.within(place.path());
    }
  }

  private MountConfig longForm() {
    place.allow(
        "type",
        "source",
        "target",
        "read_only",
        "consistency",
        "bind",
        "volume",
        "tmpfs",
        "image",
        "automount",
        "mount_options",
        "security_model");
    String type = type();
    String target = place.at("target").text();
    if (target.isEmpty()) {
      throw place.wrong("is missing a mount target");
    }
    String source = place.at("source").text();
    boolean path = type.equals("bind") && !source.isEmpty();
    return new MountConfig(
            type,
            path ? around.absolute(source) : source,
            target,
            place.at("read_only").bool(false))
        .with(type.equals("bind") || !place.at("bind").isAbsent() ? bind(place.at("bind")) : null)
        .with(place.at("volume").isAbsent() ? null : volume(place.at("volume")))
        .with(place.at("tmpfs").isAbsent() ? null : tmpfs(place.at("tmpfs")))
        .with(place.at("image").isAbsent() ? null : image(place.at("image")))
        .with(extras(place.at("bind"), machine()));
  }

  // As in qemu-compose, a missing type follows from the source.
  private String type() {
    String type = place.at("type").text().toLowerCase(Locale.ROOT);
    if (!type.isEmpty()) {
      return type;
    }
    String source = place.at("source").text();
    if (source.isEmpty()) {
      throw place.wrong("missing property 'type'");
    }
    boolean path = source.contains("/") || source.contains("\\") || source.startsWith(".");
    return path ? "bind" : "volume";
  }

  private MachineMount machine() {
    YamlPlace model = place.at("security_model");
    return new MachineMount(
        place.at("automount").bool(true),
        place.at("mount_options").isAbsent()
            ? List.of()
            : place.at("mount_options").oneOrMore().stream()
                .flatMap(words -> Arrays.stream(words.text().split(",", -1)))
                .toList(),
        model
            .optionalText()
            .map(word -> SecurityModel.ofWord(word).orElseThrow(() -> badModel(model)))
            .orElse(null));
  }

  private static InvalidSpec badModel(YamlPlace model) {
    String words =
        Arrays.stream(SecurityModel.values())
            .map(known -> "'" + known.word() + "'")
            .collect(Collectors.joining(", "));
    return model.wrong("must be one of " + words);
  }

  // Unlike --mount, compose creates a missing source unless told otherwise.
  private static BindPart bind(YamlPlace bind) {
    bind.allow("propagation", "create_host_path", "selinux", "recursive");
    YamlPlace recursive = bind.at("recursive");
    return new BindPart(
        bind.at("propagation").text(),
        recursive
            .optionalText()
            .map(word -> Recursion.find(word).orElseThrow(() -> badRecursion(recursive)))
            .orElse(Recursion.ENABLED),
        bind.at("create_host_path").bool(true));
  }

  private static InvalidSpec badRecursion(YamlPlace recursive) {
    return recursive.wrong("must be one of 'enabled', 'disabled', 'writable', 'readonly'");
  }

  private static VolumePart volume(YamlPlace volume) {
    volume.allow("nocopy", "subpath", "labels");
    Creation creation = new Creation("", Map.of(), volume.at("labels").texts(true), false);
    return new VolumePart(volume.at("nocopy").bool(false), volume.at("subpath").text(), creation);
  }

  private static TmpfsPart tmpfs(YamlPlace tmpfs) {
    tmpfs.allow("size", "mode");
    return new TmpfsPart(size(tmpfs.at("size")), mode(tmpfs.at("mode")), List.of());
  }

  private static long size(YamlPlace size) {
    try {
      return size.optionalText().map(text -> Size.parseBinary(text).bytes()).orElse(0L);
    } catch (InvalidSize e) {
      throw size.wrong("is not a size: " + e.getMessage());
    }
  }

  // Always octal: 1777, 01777 and YAML 1.2's 0o1777 mean the same.
  private static int mode(YamlPlace mode) {
    String text = mode.optionalText().orElse("0");
    String digits = text.startsWith("0o") ? text.substring(2) : text;
    if (!digits.matches("0*[0-7]{1,4}")) {
      throw mode.wrong("is not an octal mode: " + text);
    }
    return Integer.parseInt(digits, 8);
  }

  private static ImagePart image(YamlPlace image) {
    image.allow("subpath");
    return new ImagePart(image.at("subpath").text());
  }

  private static Extras extras(YamlPlace bind, MachineMount machine) {
    YamlPlace selinux = bind.at("selinux");
    if (selinux.isAbsent()) {
      return new Extras(List.of(), null, null, machine);
    }
    Relabel relabel =
        Relabel.find(selinux.text()).orElseThrow(() -> selinux.wrong("must be 'z' or 'Z'"));
    return new Extras(List.of(), relabel, null, machine);
  }
}

package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.MountConfig.BindPart;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.mountspec.MountConfig.VolumePart;
import dev.keg.mountspec.MountSpec.Bind;
import dev.keg.mountspec.MountSpec.Named;
import dev.keg.mountspec.MountSpec.NamedPipe;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StructuredWindowsTest {
  private static final String PIPE = "\\\\.\\pipe\\foo";

  private final MountSpecs specs = new MountSpecs(PathStyle.WINDOWS, FakeHost.windows());

  private static MountConfig config(String type, String source, String target) {
    return new MountConfig(type, source, target, false);
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of(
            config("bind", "c:\\", "d:\\mount"),
            new Bind("c:\\", "d:\\mount", Access.DEFAULT, false)),
        Arguments.of(
            config("bind", "c:/windows/", "d:/mount/"),
            new Bind("c:\\windows", "d:\\mount", Access.DEFAULT, false)),
        Arguments.of(
            new MountConfig("volume", "", "c:/data/anonymous-read-only-volume", true),
            new Named(
                WantedVolume.ANONYMOUS,
                "",
                "c:\\data\\anonymous-read-only-volume",
                Access.DEFAULT.withReadOnly(true),
                false)),
        Arguments.of(config("npipe", PIPE, PIPE), new NamedPipe(PIPE, PIPE)));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void what_docker_mounts_is_accepted(MountConfig config, MountSpec spec) {
    assertThat(specs.structured(config)).isEqualTo(spec);
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of(
            config("bind", "c:/bad/path", "d:\\x"), "bind source path does not exist: c:/bad/path"),
        Arguments.of(
            config("bind", "rel", "d:\\x"),
            "invalid mount path: 'rel' mount path must be absolute"),
        Arguments.of(config("bind", "c:\\", ""), "field Target must not be empty"),
        Arguments.of(config("bind", "", "d:\\x"), "field Source must not be empty"),
        Arguments.of(config("bind", "c:\\", "x"), "invalid mount path: 'x'"),
        Arguments.of(
            config("bind", "c:\\", "d:\\a\\Aux.txt"),
            "invalid mount path: 'd:\\a\\Aux.txt': aux.txt: Windows reserves this name for a"
                + " device"),
        Arguments.of(
            config("volume", "v1", "d:\\v1.\\x"),
            "invalid mount path: 'd:\\v1.\\x': v1.: Windows drops the dot at the end of a name"),
        Arguments.of(
            config("bind", "c:\\", "C:"), "destination path (c:) cannot be 'c:' or 'c:\\'"),
        Arguments.of(
            config("bind", "c:\\", "d:\\x").with(new BindPart("rslave", Recursion.ENABLED, false)),
            "invalid propagation mode: rslave"),
        Arguments.of(
            config("bind", "c:\\", "d:\\x").with(new VolumePart(false, "", Creation.DEFAULT)),
            "field VolumeOptions must not be specified"),
        Arguments.of(config("invalid", "", "d:\\x"), "mount type unknown"),
        Arguments.of(config("image", "a", "d:\\x"), "mount type unknown"),
        Arguments.of(
            new MountConfig("npipe", PIPE, PIPE, true), "field ReadOnly must not be specified"),
        Arguments.of(config("npipe", "", PIPE), "field Source must not be empty"),
        Arguments.of(config("npipe", "c:\\", PIPE), "'c:\\' is not a valid pipe path"),
        Arguments.of(config("tmpfs", "", "d:\\x"), "windows does not support tmpfs"),
        Arguments.of(config("volume", "a/b", "d:\\x"), "invalid volume name"),
        Arguments.of(
            config("volume", "con", "d:\\x"),
            "volume name \"con\" cannot be a reserved word for Windows filenames"),
        Arguments.of(
            config("volume", "", "d:\\x").with(new VolumePart(false, "x", Creation.DEFAULT)),
            "must not set Subpath when using anonymous volumes"),
        Arguments.of(
            config("volume", "data@night", "d:\\x")
                .with(new VolumePart(false, "x", Creation.DEFAULT)),
            "must not set Subpath when using a snapshot"),
        Arguments.of(
            config("volume", "data", "d:\\x")
                .with(new VolumePart(false, "..\\x", Creation.DEFAULT)),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("volume", "data", "d:\\x")
                .with(new VolumePart(false, "a\\nul", Creation.DEFAULT)),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("volume", "data", "d:\\x").with(new VolumePart(false, "c:x", Creation.DEFAULT)),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("volume", "data", "d:\\x").with(new TmpfsPart(0, 0, List.of())),
            "field TmpfsOptions must not be specified"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void what_docker_refuses_is_refused_in_its_words(MountConfig config, String inner) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.structured(config))
        .withMessage("invalid mount config for type \"" + config.type() + "\": " + inner);
  }
}

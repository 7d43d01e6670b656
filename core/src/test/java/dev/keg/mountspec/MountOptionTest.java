package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.MountConfig.BindPart;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.Extras;
import dev.keg.mountspec.MountConfig.ImagePart;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.mountspec.MountConfig.VolumePart;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MountOptionTest {
  private final FakeHost host = FakeHost.linux();

  private MountConfig parse(String text) {
    return MountOption.parse(text, new LinuxRules(host), host);
  }

  private static MountConfig bind(String source, String target) {
    return new MountConfig("bind", source, target, false);
  }

  private static MountConfig volume(VolumePart part) {
    return new MountConfig("volume", "", "/foo", false).with(part);
  }

  private static VolumePart created(
      String driver, Map<String, String> options, Map<String, String> labels) {
    return new VolumePart(false, "", new Creation(driver, options, labels, false));
  }

  private static MountConfig recursive(String propagation, Recursion recursion, boolean readOnly) {
    return new MountConfig("bind", "/foo", "/bar", readOnly)
        .with(new BindPart(propagation, recursion, false));
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of("type=bind,source=.,target=/target", bind("/work/dir", "/target")),
        Arguments.of("type=bind,source=./,target=/target", bind("/work/dir", "/target")),
        Arguments.of("type=bind,source=..,target=/target", bind("/work", "/target")),
        Arguments.of("type=bind,source=../,target=/target", bind("/work", "/target")),
        Arguments.of("type=bind,source=./x/../y,target=/target", bind("/work/dir/y", "/target")),
        Arguments.of("type=bind,src=/source,dst=/target", bind("/source", "/target")),
        Arguments.of("type=bind,source=/source,target=/target", bind("/source", "/target")),
        Arguments.of("type=bind,source=/source,destination=/target", bind("/source", "/target")),
        Arguments.of("TYPE=Bind,SRC=/source,Target=/target", bind("/source", "/target")),
        Arguments.of("  type=bind,src=/source,dst=/target\n", bind("/source", "/target")),
        Arguments.of("type=bind,src=/a,dst=/target,src=/source", bind("/source", "/target")),
        Arguments.of(
            "type=bind,src=/source,dst=/target,consistency=cached", bind("/source", "/target")),
        Arguments.of("type=bind,src=/so=urce,dst=/target", bind("/so=urce", "/target")),
        Arguments.of("type=bind,\"src=/a,b\",dst=/target", bind("/a,b", "/target")),
        Arguments.of("type=bind,\"src=/a\"\"b\",dst=/target", bind("/a\"b", "/target")),
        Arguments.of(
            "target=/target,source=/foo", new MountConfig("volume", "/foo", "/target", false)),
        Arguments.of("type=volume,source=foo", new MountConfig("volume", "foo", "", false)),
        Arguments.of(
            "type=image,source=foo,target=/target,image-subpath=/bar",
            new MountConfig("image", "foo", "/target", false).with(new ImagePart("/bar"))),
        Arguments.of(
            "type=tmpfs,target=/target,tmpfs-size=1m,tmpfs-mode=0700",
            new MountConfig("tmpfs", "", "/target", false)
                .with(new TmpfsPart(1048576, 0700, List.of()))),
        Arguments.of(
            "type=tmpfs,target=/target,tmpfs-size=1MB,tmpfs-mode=700",
            new MountConfig("tmpfs", "", "/target", false)
                .with(new TmpfsPart(1048576, 0700, List.of()))),
        Arguments.of(
            "type=volume,target=/foo,volume-label=foo=foo-value",
            volume(created("", Map.of(), Map.of("foo", "foo-value")))),
        Arguments.of(
            "target=/foo,volume-label=foo=a,volume-label=bar=b=c,volume-label=foo=d",
            volume(created("", Map.of(), Map.of("foo", "d", "bar", "b=c")))),
        Arguments.of(
            "target=/foo,volume-label=foo=,volume-label=bar",
            volume(created("", Map.of(), Map.of("foo", "", "bar", "")))),
        Arguments.of(
            "target=/foo,volume-label==foo-value", volume(created("", Map.of(), Map.of()))),
        Arguments.of("target=/foo,volume-driver=nfs", volume(created("nfs", Map.of(), Map.of()))),
        Arguments.of(
            "target=/foo,volume-opt=a=1,volume-opt=b=,volume-opt=c,volume-opt==d",
            volume(created("", Map.of("a", "1", "b", "", "c", ""), Map.of()))),
        Arguments.of(
            "target=/foo,\"volume-opt=o=addr=1.2.3.4,vers=4\",volume-opt=type=nfs",
            volume(created("", Map.of("o", "addr=1.2.3.4,vers=4", "type", "nfs"), Map.of()))),
        Arguments.of(
            "target=/foo,volume-subpath=a/b,volume-nocopy",
            volume(new VolumePart(true, "a/b", Creation.DEFAULT))),
        Arguments.of("type=bind,src=/foo,dst=/bar,bind-recursive=enabled", bind("/foo", "/bar")),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,bind-recursive=disabled",
            recursive("", Recursion.DISABLED, false)),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,bind-recursive=writable,readonly",
            recursive("", Recursion.WRITABLE, true)),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,bind-recursive=readonly,readonly,bind-propagation=RPRIVATE",
            recursive("rprivate", Recursion.READONLY, true)),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,bind-propagation=rslave",
            recursive("rslave", Recursion.ENABLED, false)),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,bind-create-src",
            bind("/foo", "/bar").with(new BindPart("", Recursion.ENABLED, true))),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,bind-create-src=false",
            bind("/foo", "/bar").with(new BindPart("", Recursion.ENABLED, false))),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,noexec,suid,relabel=private",
            bind("/foo", "/bar")
                .with(new Extras(List.of("noexec", "suid"), Relabel.PRIVATE, null))),
        Arguments.of(
            "type=bind,src=/foo,dst=/bar,idmap=gids=0-5-1",
            bind("/foo", "/bar").with(new Extras(List.of(), null, IdMap.parse("gids=0-5-1")))));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void a_field_is_read_into_its_place(String text, MountConfig config) {
    assertThat(parse(text)).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource({
    "'',false",
    "readonly,true",
    "readonly=1,true",
    "readonly=true,true",
    "readonly=0,false",
    "readonly=false,false",
    "ro,true",
    "ro=1,true",
    "ro=true,true",
    "ro=0,false",
    "ro=false,false",
    "'ro,ro=false',false",
    "RO,true"
  })
  void readonly_is_a_switch(String field, boolean readOnly) {
    assertThat(
            parse("type=bind,target=/foo,source=/foo," + field.replaceAll("^$", "ro=0")).readOnly())
        .isEqualTo(readOnly);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          ``|value is empty
          ` `|value is empty
          `type=volume,target=/foo,bogus=foo`|unknown option 'bogus' in 'bogus=foo'
          `type=volume,target=/foo,Bogus-x=foo`|unknown option 'bogus-x' in 'Bogus-x=foo'
          `target=/foo,cluster-x=foo`|unknown option 'cluster-x' in 'cluster-x=foo'
          `type=volume, src=/foo,target=/foo`|invalid option 'src' in ' src=/foo': option should not have whitespace
          `type=volume,src =/foo,target=/foo`|invalid option 'src' in 'src =/foo': option should not have whitespace
          `type=volume,src=,target=/foo`|invalid value for 'src': value is empty
          `type=volume,src= /foo,target=/foo`|invalid value for 'src' in 'src= /foo': value should not have whitespace
          `type=volume,src=/foo ,target=/foo`|invalid value for 'src' in 'src=/foo ': value should not have whitespace
          `type=volume,target=/foo,bogus`|invalid field 'bogus' must be a key=value pair
          `type=volume,target=/foo,source`|invalid field 'source' must be a key=value pair
          `target=/foo,`|invalid field '' must be a key=value pair
          `type=tmpfs,target=/foo,tmpfs-size=foo`|invalid value for tmpfs-size: foo
          `type=tmpfs,target=/foo,tmpfs-size=-1`|invalid value for tmpfs-size: -1
          `type=tmpfs,target=/foo,tmpfs-mode=foo`|invalid value for tmpfs-mode: foo
          `type=tmpfs,target=/foo,tmpfs-mode=99`|invalid value for tmpfs-mode: 99
          `type=tmpfs,target=/foo,tmpfs-mode=10000`|invalid value for tmpfs-mode: 10000
          `type=volume,target=/foo,source=/foo,bind-propagation=rprivate`|cannot mix 'bind-*' options with mount type 'volume'
          `type=bind,target=/foo,source=/foo,volume-nocopy=true`|cannot mix 'volume-*' options with mount type 'bind'
          `type=bind,target=/foo,source=/foo,image-subpath=x`|cannot mix 'image-*' options with mount type 'bind'
          `type=bogus,target=/foo,tmpfs-size=1`|cannot mix 'tmpfs-*' options with mount type 'bogus'
          `type=,target=/foo`|invalid value for 'type': value is empty
          `type=bind,target=/foo,source=/foo,readonly=`|invalid value for 'readonly': value is empty
          `type=bind,target=/foo,source=/foo,readonly= true`|invalid value for 'readonly' in 'readonly= true': value should not have whitespace
          `type=bind,target=/foo,source=/foo,readonly=no`|invalid value for 'readonly': invalid boolean value ("no"): must be one of "true", "1", "false", or "0" (default "true")
          `type=bind,target=/foo,source=/foo,RO=TRUE`|invalid value for 'ro': invalid boolean value ("TRUE"): must be one of "true", "1", "false", or "0" (default "true")
          `target=/foo,volume-nocopy=no`|invalid value for 'volume-nocopy': invalid boolean value ("no"): must be one of "true", "1", "false", or "0" (default "true")
          `type=bind,source=/a,target=/b,bind-create-src=2`|invalid value for 'bind-create-src': invalid boolean value ("2"): must be one of "true", "1", "false", or "0" (default "true")
          `type=bind,source=/a,target=/b,bind-recursive=x`|invalid value for bind-recursive: x (must be "enabled", "disabled", "writable", or "readonly")
          `type=bind,source=/a,target=/b,bind-recursive=writable`|option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction
          `type=bind,source=/a,target=/b,bind-recursive=readonly`|option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction
          `type=bind,source=/a,target=/b,bind-recursive=readonly,readonly`|option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction
          `type=bind,source=/a,target=/b,bind-nonrecursive`|bind-nonrecursive is deprecated, use bind-recursive=disabled instead
          `type=bind,source=/a,target=/b,bind-nonrecursive=true`|bind-nonrecursive is deprecated, use bind-recursive=disabled instead
          `type=bind,source=/a,target=/b,relabel=x`|invalid value for relabel: x (must be "shared" or "private")
          `type=bind,source=/a,target=/b,idmap`|invalid field 'idmap' must be a key=value pair
          `"a`|parse error on line 1, column 3: extraneous or missing " in quoted-field
          """)
  void errors_use_dockers_words(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class).isThrownBy(() -> parse(text)).withMessage(message);
  }
}

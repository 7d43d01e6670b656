package dev.keg.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountOptionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          ''                        | 0        | ''
          defaults                  | 0        | ''
          ro                        | 1        | ''
          ro,rw                     | 0        | ''
          rw,ro                     | 1        | ''
          nosuid,nodev,noexec       | e        | ''
          nosuid,suid,nodev,dev     | 0        | ''
          noexec,exec               | 0        | ''
          sync,dirsync,mand         | d0       | ''
          sync,async,mand,nomand    | 0        | ''
          noatime,nodiratime        | c00      | ''
          noatime,atime             | 0        | ''
          nodiratime,diratime       | 0        | ''
          relatime,strictatime      | 1200000  | ''
          relatime,norelatime       | 0        | ''
          strictatime,nostrictatime | 0        | ''
          bind                      | 1000     | ''
          rbind                     | 5000     | ''
          bind,remount,ro           | 1021     | ''
          rshared                   | 104000   | ''
          shared                    | 100000   | ''
          slave                     | 80000    | ''
          rslave                    | 84000    | ''
          private                   | 40000    | ''
          rprivate                  | 44000    | ''
          unbindable                | 20000    | ''
          runbindable               | 24000    | ''
          size=1m,uid=1000          | 0        | size=1m,uid=1000
          size=1m,ro,mode=700       | 1        | size=1m,mode=700
          _netdev,nofail,user,x-a=b | 0        | _netdev,nofail,user,x-a=b
          RO                        | 0        | RO
          ' ro'                     | 0        | ' ro'
          a,,b                      | 0        | a,,b
          """)
  void words_with_a_flag_become_flags_and_the_rest_is_data(String text, String flags, String data) {
    assertThat(MountOptions.parse(text))
        .isEqualTo(new MountOptions(Long.parseLong(flags, 16), data));
  }
}

package dev.keg.windows.win32.system;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.WideString;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Wmi;
import dev.keg.windows.win32.dll.ComObject;
import dev.keg.windows.win32.dll.GUID;
import dev.keg.windows.win32.dll.Ole32;
import dev.keg.windows.win32.dll.OleAut32;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Windows Management Instrumentation through COM. Each call makes its own connection, since calls
 * are rare.
 */
final class ComWmi implements Wmi {
  private static final String NAMESPACE = "ROOT\\CIMV2\\Security\\MicrosoftVolumeEncryption";
  private static final String CLASS = "Win32_EncryptableVolume";

  private final Ole32 ole32;
  private final OleAut32 oleAut32;

  ComWmi(Ole32 ole32, OleAut32 oleAut32) {
    this.ole32 = ole32;
    this.oleAut32 = oleAut32;
  }

  @Override
  public Answer call(VolumeGuidPath volume, String method, String wanted, Argument... arguments)
      throws Win32Exception {
    int begun = ole32.CoInitializeEx(null, Ole32.COINIT_MULTITHREADED);
    if (begun != Ole32.RPC_E_CHANGED_MODE) {
      check("CoInitialize", CLASS, begun);
    }
    try (Call call = new Call(volume)) {
      return call.run(method, wanted, arguments);
    } finally {
      if (begun >= 0) {
        ole32.CoUninitialize();
      }
    }
  }

  private static void check(String call, String target, int result) throws Win32Exception {
    if (result < 0) {
      throw new Win32Exception(call, target, result);
    }
  }

  /** A function that returns an object. */
  private interface Maker {
    int make(PointerByReference object);
  }

  /** A call, with everything that is freed after it. */
  private final class Call implements AutoCloseable {
    private final VolumeGuidPath volume;
    private final Deque<Runnable> rest = new ArrayDeque<>();

    Call(VolumeGuidPath volume) {
      this.volume = volume;
    }

    Answer run(String method, String wanted, Argument... arguments) throws Win32Exception {
      ComObject services = connect();
      ComObject input = arguments.length == 0 ? null : input(services, method, arguments);
      Pointer path = text(path().toCharArray());
      Pointer name = text(method.toCharArray());
      ComObject output =
          object(
              method,
              result ->
                  services.call(
                      ComObject.IWbemServices_ExecMethod,
                      path,
                      name,
                      0,
                      null,
                      input == null ? null : input.pointer(),
                      result,
                      null));
      Memory code = get(output, "ReturnValue");
      if (wanted.isEmpty() || code.getInt(OleAut32.VARIANT_VALUE) != Win32Error.SUCCESS) {
        return new Answer(code.getInt(OleAut32.VARIANT_VALUE), 0);
      }
      Memory value = get(output, wanted);
      return value.getShort(0) == OleAut32.VT_BSTR
          ? new Answer(Win32Error.SUCCESS, 0, new Secret(characters(value)))
          : new Answer(Win32Error.SUCCESS, value.getInt(OleAut32.VARIANT_VALUE));
    }

    /** The provider accepts only connections whose packets are encrypted. */
    private ComObject connect() throws Win32Exception {
      GUID classId = GUID.of(Ole32.CLSID_WbemLocator);
      GUID interfaceId = GUID.of(Ole32.IID_IWbemLocator);
      ComObject locator =
          object(
              "CoCreateInstance",
              result ->
                  ole32.CoCreateInstance(
                      classId, null, Ole32.CLSCTX_INPROC_SERVER, interfaceId, result));
      Pointer namespace = text(NAMESPACE.toCharArray());
      ComObject services =
          object(
              "ConnectServer",
              result ->
                  locator.call(
                      ComObject.IWbemLocator_ConnectServer,
                      namespace,
                      null,
                      null,
                      null,
                      0,
                      null,
                      null,
                      result));
      check(
          "CoSetProxyBlanket",
          CLASS,
          ole32.CoSetProxyBlanket(
              services.pointer(),
              Ole32.RPC_C_AUTHN_WINNT,
              Ole32.RPC_C_AUTHZ_NONE,
              null,
              Ole32.RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
              Ole32.RPC_C_IMP_LEVEL_IMPERSONATE,
              null,
              Ole32.EOAC_NONE));
      return services;
    }

    private ComObject input(ComObject services, String method, Argument... arguments)
        throws Win32Exception {
      Pointer name = text(CLASS.toCharArray());
      ComObject type =
          object(
              "GetObject",
              result ->
                  services.call(ComObject.IWbemServices_GetObject, name, 0, null, result, null));
      Memory wide = WideString.of(method);
      ComObject signature =
          object(
              "GetMethod",
              result -> type.call(ComObject.IWbemClassObject_GetMethod, wide, 0, result, null));
      ComObject input =
          object(
              "SpawnInstance",
              result -> signature.call(ComObject.IWbemClassObject_SpawnInstance, 0, result));
      for (Argument argument : arguments) {
        check(
            "Put",
            argument.name(),
            input.call(
                ComObject.IWbemClassObject_Put,
                WideString.of(argument.name()),
                0,
                value(argument),
                0));
      }
      return input;
    }

    private Memory value(Argument argument) throws Win32Exception {
      Memory variant = new Memory(OleAut32.VARIANT_SIZE);
      variant.clear();
      switch (argument) {
        case Argument.Text(String _, Secret value) -> {
          variant.setShort(0, OleAut32.VT_BSTR);
          variant.setPointer(OleAut32.VARIANT_VALUE, text(value.characters()));
        }
        case Argument.Flags(String _, int value) -> {
          variant.setShort(0, OleAut32.VT_I4);
          variant.setInt(OleAut32.VARIANT_VALUE, value);
        }
      }
      return variant;
    }

    private Memory get(ComObject object, String name) throws Win32Exception {
      Memory variant = new Memory(OleAut32.VARIANT_SIZE);
      variant.clear();
      check(
          "Get",
          name,
          object.call(ComObject.IWbemClassObject_Get, WideString.of(name), 0, variant, null, null));
      rest.push(() -> wipe(variant));
      return variant;
    }

    private char[] characters(Memory variant) {
      Pointer text = variant.getPointer(OleAut32.VARIANT_VALUE);
      char[] characters = new char[oleAut32.SysStringLen(text)];
      for (int i = 0; i < characters.length; i++) {
        characters[i] = (char) text.getShort(2L * i);
      }
      return characters;
    }

    private void wipe(Memory variant) {
      if (variant.getShort(0) == OleAut32.VT_BSTR) {
        clear(variant.getPointer(OleAut32.VARIANT_VALUE));
      }
      int _ = oleAut32.VariantClear(variant);
    }

    private void clear(@Nullable Pointer bstr) {
      if (bstr != null) {
        bstr.clear(2L * oleAut32.SysStringLen(bstr));
      }
    }

    /** A text that is overwritten and freed after the call. */
    private Pointer text(char[] text) throws Win32Exception {
      Memory wide = WideString.of(text);
      Pointer bstr = oleAut32.SysAllocStringLen(wide, text.length);
      wide.clear();
      if (bstr == null) {
        throw new Win32Exception("SysAllocString", CLASS, Win32Error.OUTOFMEMORY);
      }
      rest.push(
          () -> {
            clear(bstr);
            oleAut32.SysFreeString(bstr);
          });
      return bstr;
    }

    private ComObject object(String call, Maker maker) throws Win32Exception {
      var result = new PointerByReference();
      check(call, volume.path(), maker.make(result));
      ComObject object = new ComObject(Objects.requireNonNull(result.getValue()));
      rest.push(object::close);
      return object;
    }

    /** The path of the object: backslashes in a key are doubled. */
    private String path() {
      return CLASS + ".DeviceID=\"" + volume.path().replace("\\", "\\\\") + "\"";
    }

    @Override
    public void close() {
      rest.forEach(Runnable::run);
    }
  }
}

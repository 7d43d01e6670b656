package dev.keg.windows.win32.dll;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A COM object. It begins with a pointer to the table of its methods, which are called by their
 * index in the table, in the order of {@code unknwn.h} and {@code wbemcli.h}.
 */
public final class ComObject implements AutoCloseable {
  public static final int IWbemLocator_ConnectServer = 3;
  public static final int IWbemServices_GetObject = 6;
  public static final int IWbemServices_ExecMethod = 24;
  public static final int IWbemClassObject_Get = 4;
  public static final int IWbemClassObject_Put = 5;
  public static final int IWbemClassObject_SpawnInstance = 15;
  public static final int IWbemClassObject_GetMethod = 19;

  private static final int IUnknown_Release = 2;

  private final Pointer object;

  public ComObject(Pointer object) {
    this.object = object;
  }

  public Pointer pointer() {
    return object;
  }

  /** Calls a method, which returns an HRESULT. */
  public int call(int place, @Nullable Object... arguments) {
    @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
    all[0] = object;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Pointer method = object.getPointer(0).getPointer((long) place * Native.POINTER_SIZE);
    return Function.getFunction(method).invokeInt(all);
  }

  @Override
  public void close() {
    int _ = call(IUnknown_Release);
  }
}

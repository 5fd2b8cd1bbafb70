/** esbuild's text loader: the D-Bus interfaces are bundled as strings. */
declare module '*.xml' {
    const text: string;
    export default text;
}

export async function install(_: { cache: string; checkout: string }) {
    return 1;
}
export async function uninstall() {
    return 1;
}

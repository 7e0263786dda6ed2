import sys
from fontTools import subset
from fontTools.ttLib import TTFont
U="20-7E,A0-24F,259,2B0-2DD,300-30F,311-315,31B,323-328,32D-331,335,370-3FF,400-52F,1E00-1EFF,2000-206F,2070-209C,20A0-20C0,2100-2122,2126,212E,2150-215F,2190-2199,2200-22FF,25CA,FFFD"
units=[]
for r in U.split(','):
    a,_,b=r.partition('-'); units+=range(int(a,16),int(b or a,16)+1)
for w,weight in (('Regular','400Regular'),('SemiBold','600SemiBold')):
    src=f'{sys.argv[1]}/{weight}/SourceSans3_{weight}.ttf'
    o=subset.Options(); o.hinting=False; o.layout_features=['kern','mark','mkmk']; o.name_IDs=[0,1,2,3,4,5,6,13,14,16,17]; o.notdef_outline=True; o.recalc_timestamp=False; o.drop_tables+=['STAT','DSIG']
    f=subset.load_font(src,o); s=subset.Subsetter(o); s.populate(unicodes=units); s.subset(f)
    for n in list(f['name'].names):
        if n.nameID in (1,16): n.string='Goldthread Sans'
        elif n.nameID==3: n.string=f'Goldthread Sans {w}'
        elif n.nameID==4: n.string=f'Goldthread Sans {w}'
        elif n.nameID==6: n.string=f'GoldthreadSans-{w}'
        elif n.nameID in (2,17): n.string= w
    subset.save_font(f,f'GoldthreadSans-{w}.ttf',o)
    c=f.getBestCmap(); print(w,len(c),len(f.getGlyphOrder()),f['OS/2'].usWeightClass,f['head'].unitsPerEm,f['hhea'].ascent,f['hhea'].descent,f['OS/2'].sxHeight,f['OS/2'].sCapHeight,[(n.nameID,str(n)) for n in f['name'].names if n.nameID!=13])
    for name,a,b in (('greek',0x391,0x3A9),('cyr',0x410,0x44f),('viet',0x1EA0,0x1EF9),('lat1',0xa1,0xff),('latA',0x100,0x17f),('ukr',0x400,0x45f)):
        print(name,[hex(x) for x in range(a,b+1) if x not in c][:8])
